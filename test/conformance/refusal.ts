import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { BackgroundCopyError } from "../../src/index.js";
import type { Locale } from "../../src/words/locale.js";
import { ROOT } from "../support/packed.js";

/** The message of this project for a code of that method. */
export function sentence(locale: Locale, method: string, code = "S_OK"): string {
  const messages = JSON.parse(readFileSync(join(ROOT, "locales", locale, "messages.json"), "utf8"));
  return messages.method[method][code];
}

/** The error with which the service refuses the call. */
export async function refusal(promise: Promise<unknown>): Promise<BackgroundCopyError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BackgroundCopyError);
  return error as BackgroundCopyError;
}
