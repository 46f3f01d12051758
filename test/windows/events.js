// For `npm run prove`: counts what PowerShell logs.
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";

// The events that PowerShell logs for script blocks (4104, and 4105 and 4106 for their start and end) and for modules (4103), counted for
// one process; the text is constant, and the process ID comes from the environment.
const COUNT_EVENTS =
  '4103, 4104, 4105, 4106 | ForEach-Object { $id = $_; $n = @(Get-WinEvent -FilterHashtable @{ LogName = "Microsoft-Windows-PowerShell/Operational"; Id = $id } -ErrorAction SilentlyContinue | Where-Object { $_.ProcessId -eq [int]$env:BACKGROUND_COPY_PROVE_PID }).Count; "$id`: $n" }';

/**
 * The numbers of events that PowerShell logged for a process.
 *
 * @param {number} pid
 */
export function loggedEvents(pid) {
  if (process.platform !== "win32") {
    return "no Windows event log here";
  }
  const { SystemRoot = "C:\\Windows" } = process.env;
  const powershell = join(SystemRoot, "System32", "WindowsPowerShell", "v1.0", "powershell.exe");
  const env = {
    ...process.env,
    PSModulePath: join(dirname(powershell), "Modules"),
    BACKGROUND_COPY_PROVE_PID: String(pid),
  };
  return execFileSync(powershell, ["-NoProfile", "-NonInteractive", "-Command", COUNT_EVENTS], {
    env,
    encoding: "utf8",
  })
    .trim()
    .split(/\r?\n/)
    .join(", ");
}
