import { setImmediate } from "node:timers/promises";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished, vi } from "vitest";
import { BackgroundCopyManager, BridgeError } from "../../src/index.js";
import { LOCALES } from "../../src/words/locale.js";
import { Host } from "../../src/powershell/host.js";
import { ROOT } from "../support/packed.js";
import { ownPowerShells, PWSH, WINE_POWERSHELL } from "../support/powershells.js";

const TIMEOUT = { timeoutInMs: 60_000 };

function start(executable: string): Host {
  return new Host({
    executable,
    modulePath: join(ROOT, "ps", "BackgroundCopy", "BackgroundCopy.psd1"),
    executionPolicy: "RemoteSigned",
    service: "bits",
    language: { locale: "en", wording: "documented" },
  });
}

const HOSTILE: readonly string[] = [
  "",
  " ",
  "plain",
  'it\'s "quoted"',
  "$(Get-Process) `$env:PATH` $_ @() {0} %PATH% {{hex}}",
  "back`tick \\ slash / \\u0041 \\\\",
  "one\ntwo\r\nthree\ttab\b\f\v",
  "a\0b",
  "\u0001\u001b[31m\u007f\u0085\u2028\u2029\ufeff",
  "ü中é 日本語 \u{1f600}\u{10ffff}",
  "\ud800",
  "a\udc00b\ud83dc",
  "\udc00\ud800",
  "2024-05-01T10:00:00Z",
  "/Date(0)/",
  "\\/Date(0)\\/",
  "true",
  "null",
  "1e3",
  '{"jsonrpc":"2.0","id":1,"result":{}}',
  "</script><!--",
];

describe.each<{ label: string; path: string | null | undefined }>([
  ...ownPowerShells,
  { label: WINE_POWERSHELL, path: inject("winePowerShell") },
])("the channel, $label", ({ path: executable }) => {
  describe.skipIf(!executable)("with the module", () => {
    let host: Host;
    beforeAll(async () => {
      host = start(executable as string);
      await host.ready;
    });
    afterAll(() => host.close());

    const echo = async (text: string) => (await host.request("host.echo", { text }, TIMEOUT)).text;

    it.each(HOSTILE.map((text) => [text]))("carries %j unchanged", async (text) => {
      expect(await echo(text)).toBe(text);
    });

    it.each([
      ["ASCII", "x"],
      ["quotes", '"'],
      ["Chinese", "中"],
      ["lone surrogates", "\ud800"],
      ["emoji", "\u{1f600}"],
    ])("carries a megabyte of %s unchanged", async (_name, unit) => {
      const text = unit.repeat(1_048_576 / unit.length);
      expect((await echo(text)) === text).toBe(true);
    });

    it("answers many at once, in order", async () => {
      const texts = Array.from({ length: 2000 }, (_, i) => `text ${i}`);
      expect(await Promise.all(texts.map(echo))).toEqual(texts);
    });

    it("refuses what it cannot do, and goes on", async () => {
      const jobId = "00000000-0000-4000-8000-000000000001";
      const tooEarly = host.request("job.takeOwnership", { jobId }, TIMEOUT);
      await expect(tooEarly).rejects.toMatchObject({ code: "PROTOCOL" });
      expect(await echo("still there")).toBe("still there");
    });
  });
});

const pwsh = inject("pwsh") as string;

describe.skipIf(!pwsh)(`the bridge, ${PWSH}`, () => {
  it.skipIf(process.platform === "win32")("says in every language that there is no COM", async () => {
    const connecting = BackgroundCopyManager.connect({ service: "bits", executable: pwsh });
    const error = await connecting.then(
      () => undefined,
      (reason: unknown) => reason as BridgeError,
    );
    expect(error).toMatchObject({ code: "UNSUPPORTED", outcome: "not sent" });
    const messages = LOCALES.map((locale) => error?.localize(locale));
    expect(new Set(messages).size).toBe(LOCALES.length);
    expect(messages.filter((message) => message?.includes(process.platform))).toHaveLength(LOCALES.length);
  });

  it("finds pwsh on the PATH when it is asked for by name", async () => {
    vi.stubEnv("PATH", `${dirname(pwsh)}${delimiter}${process.env.PATH}`);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const connecting = BackgroundCopyManager.connect({ service: "bits", executable: "pwsh" });
    const code = await connecting.then(
      (manager) => manager.close().then(() => "connected"),
      (error: BridgeError) => error.code,
    );
    expect(code).toBe(process.platform === "win32" ? "connected" : "UNSUPPORTED");
  });

  it("ends with its input", async () => {
    const host = start(pwsh);
    await host.ready;
    await host.close();
    await host.ended;
    expect(host.failure).toMatchObject({ code: "CLOSED" });
  });

  it("tells of a host that is killed, and of nothing more", async () => {
    const host = start(pwsh);
    await host.ready;
    const asking = host.request("host.echo", { text: "x".repeat(1_000_000) }, TIMEOUT);
    const refused = expect(asking).rejects.toMatchObject({ code: "HOST_EXITED", outcome: "unknown" });
    await setImmediate();
    process.kill(host.pid as number, "SIGKILL");
    await refused;
    await expect(host.request("host.echo", { text: "x" }, TIMEOUT)).rejects.toMatchObject({ outcome: "not sent" });
  });
});
