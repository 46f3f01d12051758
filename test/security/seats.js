// Where each attack comes from and what it tries, by the file of its tests.

/** @type {Readonly<Record<string, readonly [seat: string, tried: string]>>} */
export const SEATS = {
  "security/files.test.ts": [
    "the folder of a download",
    "links, junctions, and other files in place of the package's own, at any time",
  ],
  "security/servers.test.ts": ["a server", "redirects of any kind, with secrets in headers, and broken answers"],
  "security/priorities.test.ts": ["a server", "bodies that never end, below jobs that are more urgent"],
  "security/patterns.test.ts": [
    "a user who names jobs",
    "patterns and names that take long to match, and their meaning",
  ],
  "security/terminal.test.ts": [
    "a user who names jobs",
    "names, messages, and answers that order a terminal about or forge lines",
  ],
  "security/commands.test.ts": ["a user who names jobs", "the same in the output of the commands for PowerShell"],
  "security/options.test.ts": ["a program", "options in forms that could be overlooked"],
  "security/refusals.test.ts": ["a service", "jobs whose properties can't be read"],
  "security/answers.test.ts": ["a PowerShell process", "answers of any form"],
  "security/far-sides.test.ts": [
    "a computer of a fleet",
    "answers of any form in the name of others, names that forge lines, and output without end",
  ],
  "security/secrets.test.ts": ["readers of logs, files, and processes", "marked secrets, put in at every door"],
  "security/logs.test.ts": [
    "readers of logs, files, and processes",
    "logs and transcripts of everything, with secrets in jobs",
  ],
  "security/signals.test.ts": ["the terminal", "Ctrl+C and the end of the session, at any time"],
  "security/windows-console.test.ts": ["the terminal", "Ctrl+C and the end of the session, in a console of Windows"],
  "security/environment.test.ts": ["the environment", "variables that change or load code in PowerShell"],
  "security/whole-paths.test.ts": ["the environment", "paths that mean different things in different folders"],
  "security/translations.test.ts": ["a translator", "HTML and scripts in translations"],
  "hostile/command-line.test.ts": ["a program", "any words, options, and values"],
  "hostile/doors.test.ts": ["a program", "any values for every function"],
  "hostile/protocol.test.ts": ["a PowerShell process", "any lines on the channel"],
};
