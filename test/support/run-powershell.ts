import { run, type Run } from "./run.js";

/** Types `script` into a new PowerShell, one statement per line, and returns the output. */
export async function runPowerShell(executable: string, script: string, env: NodeJS.ProcessEnv = {}): Promise<Run> {
  const args = ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "-"];
  const quiet = { TERM: "dumb", NO_COLOR: "1", POWERSHELL_TELEMETRY_OPTOUT: "1" };
  const { stdout, ...rest } = await run(executable, args, { ...quiet, ...env }, { input: `${script.trim()}\n` });
  return { ...rest, stdout: stdout.replaceAll("\r\n", "\n") };
}
