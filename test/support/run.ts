import { spawn } from "node:child_process";

export interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with `input` on its standard input; with `shell` it is a whole command line. */
export function run(
  executable: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { input = "", ...options }: { readonly input?: string; readonly cwd?: string; readonly shell?: boolean } = {},
): Promise<Run> {
  // Without a window: Wine starts no PowerShell that has neither a window nor a hidden console.
  const child = spawn(executable, args, { ...options, env: { ...process.env, ...env }, windowsHide: true });
  child.stdin.end(input);
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
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
