import { expect } from "vitest";
import { runScript } from "../support/run-script.js";

export const UNKNOWN_JOB = "00000000-0000-4000-8000-000000000001";
export const NAMES = ["it's a $(name) `", '"中文" 😀😀', "‘curly’ “quotes”", "\ud83d lonely"];

/** What the script prints. */
export interface Answer {
  readonly backgroundCopy: number;
  readonly total: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly omitted: number;
  readonly jobs: readonly { readonly jobId: string; readonly name?: string; readonly [property: string]: unknown }[];
  readonly remote?: object;
  readonly error?: object;
}

/** Runs a script and reads its only line. */
export async function answerOf(
  executable: string,
  script: string,
  args: readonly string[] = [],
): Promise<{ exitCode: number | null; line: string; answer: Answer }> {
  const { exitCode, lines } = await runScript(executable, script, args);
  // Shows the other lines, if there are any.
  expect(lines).toEqual([expect.any(String)]);
  const [line = ""] = lines;
  expect(line).toMatch(/^[ -~]*$/);
  return { exitCode, line, answer: JSON.parse(line) as Answer };
}
