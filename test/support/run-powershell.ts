import { spawn } from "node:child_process";

export interface PowerShellRun {
  readonly stdout: string;
  readonly stderr: string;
}

/** Types `script` into a fresh PowerShell, a statement a line, and gives what it writes. */
export function runPowerShell(
  executable: string,
  script: string,
  extra: NodeJS.ProcessEnv = {},
): Promise<PowerShellRun> {
  const env = { ...process.env, TERM: "dumb", NO_COLOR: "1", POWERSHELL_TELEMETRY_OPTOUT: "1", ...extra };
  const child = spawn(executable, ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "-"], { env });
  child.stdin.end(`${script.trim()}\n`);
  return new Promise((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", () => resolve({ stdout: stdout.replaceAll("\r\n", "\n"), stderr }));
  });
}
