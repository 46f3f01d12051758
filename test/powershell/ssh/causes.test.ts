import { describe, expect, it } from "vitest";
import type { HostFault } from "../../support/fake-ssh.js";
import { fakeSsh } from "../../support/fake-ssh.js";
import { failureOf, open } from "./opening.js";

const HOST = "10.0.0.7";

function host(fault?: HostFault) {
  const fake = fakeSsh(fault === undefined ? {} : { faults: { [HOST]: fault } });
  return { fake, opening: open({ executable: fake.executable }, HOST) };
}

describe.skipIf(process.platform === "win32")("ssh", () => {
  it("opens a service, and says who answers", async () => {
    const { fake, opening } = host();
    const link = await opening;
    expect(link.remote).toEqual({
      windows: "10.0.19045.0",
      powershell: "5.1.19041.1",
      edition: "Desktop",
      languageMode: "FullLanguage",
      user: "user",
      elevated: true,
      logon: "network",
    });
    expect(link.moduleSha256).toMatch(/^[0-9a-f]{64}$/);
    const { jobIds } = await link.port.request("job.list", { allUsers: true, page: 0 });
    expect(jobIds).toEqual([fake.jobId(HOST, 0), fake.jobId(HOST, 1)]);
    await link.close();
    expect(fake.did(HOST)).toEqual(["start", "host.identify", "service.open", "job.list", "end"]);
  });

  it("asks for the integrity level only where it is wanted", async () => {
    const fake = fakeSsh({});
    const link = await open({ executable: fake.executable }, HOST, { withIntegrity: true });
    expect(link.remote.integrity).toBe(0x2000);
    await link.close();
  });

  it.each([
    ["refused", "HOST_UNREACHABLE", "Connection refused"],
    ["timed out", "HOST_UNREACHABLE", "Connection timed out"],
    ["unresolved", "HOST_UNREACHABLE", "Name or service not known"],
    ["closed before logon", "HOST_UNREACHABLE", "Connection closed by"],
    ["denied", "HOST_LOGON_REFUSED", "Permission denied (publickey)"],
    ["key unknown", "HOST_KEY_UNKNOWN", ""],
    ["key changed", "HOST_KEY_CHANGED", ""],
    ["no PowerShell", "POWERSHELL_NOT_FOUND", "C:\\Windows"],
    ["no PowerShell, and repeats what it does not know", "POWERSHELL_NOT_FOUND", "C:\\Windows"],
    ["lost before it is ready", "HOST_LOST", "closed by remote host"],
    ["floods", "PROTOCOL", ""],
  ])("reports a host that is %s as %s", async (fault, code, said) => {
    const error = await failureOf(host(fault).opening);
    expect(error).toMatchObject({ code, outcome: "not sent" });
    expect(error.message).toContain(said);
  });

  it("reports a host that says nothing as too slow, and ends ssh", async () => {
    const fake = fakeSsh({ faults: { [HOST]: "silent" } });
    const opening = open({ executable: fake.executable }, HOST, { hostTimeoutInMs: 2000 });
    const error = await failureOf(opening);
    expect(error).toMatchObject({ code: "TIMEOUT", outcome: "not sent" });
    expect(error.message).toContain(`host ${HOST}`);
  });

  it.each(["host.identify", "service.open"])(
    "knows that nothing was sent if the host is lost at %s",
    async (method) => {
      const error = await failureOf(host({ method, act: "lost before" }).opening);
      expect(error).toMatchObject({ code: "HOST_LOST", outcome: "not sent" });
    },
  );

  it("takes the end of PowerShell while it defines types for a policy", async () => {
    const error = await failureOf(host({ method: "service.open", act: "dies" }).opening);
    expect(error).toMatchObject({ code: "DYNAMIC_CODE_BLOCKED", outcome: "not sent" });
  });

  it.each([
    ["lost before", "HOST_LOST", 0],
    ["lost after", "HOST_LOST", 1],
    ["dies", "HOST_LOST", 0],
    ["nonsense", "PROTOCOL", 0],
    ["for others", "PROTOCOL", 0],
    ["floods", "PROTOCOL", 0],
    ["floods stderr", "PROTOCOL", 0],
  ])("does not know the outcome of a cancel whose host is lost: %s", async (act, code, canceled) => {
    const { fake, opening } = host({ method: "job.cancel", act });
    const { port } = await opening;
    const jobIds = [fake.jobId(HOST, 0)];
    const first = port.request("job.cancel", { jobIds, languageId: 0 });
    const second = port.request("job.describe", { jobIds, detail: "progress", languageId: 0 });
    const errors = await Promise.all([failureOf(first), failureOf(second)]);
    expect(errors).toMatchObject([
      { code, outcome: "unknown" },
      { code, outcome: "not sent" },
    ]);
    const tooMuch = "(more output than anybody asked for)";
    expect(errors[0].diagnostics.includes(tooMuch)).toBe(act.startsWith("floods"));
    // One life: there is no restart.
    expect(await failureOf(port.request("host.echo", { text: "" }))).toMatchObject({ code, outcome: "not sent" });
    const did = fake.did(HOST);
    expect(did.filter((entry) => entry === "start")).toHaveLength(1);
    expect(did.filter((entry) => entry.startsWith("cancel "))).toHaveLength(canceled);
    await port.close();
  });

  it("ends with the time-out of a request", async () => {
    const { fake, opening } = host({ method: "job.cancel", act: "hangs when it has done it" });
    const { port } = await opening;
    const jobIds = [fake.jobId(HOST, 0)];
    const error = await failureOf(port.request("job.cancel", { jobIds, languageId: 0 }, { timeoutInMs: 1000 }));
    expect(error).toMatchObject({ code: "TIMEOUT", outcome: "unknown" });
  });

  it("ends the attempt with its signal", async () => {
    const fake = fakeSsh({ faults: { [HOST]: "silent" } });
    const controller = new AbortController();
    const opening = open({ executable: fake.executable }, HOST, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(opening).rejects.toThrow("enough");
  });

  it("sends a long request in pieces", async () => {
    const { port } = await host().opening;
    const text = 'ü 中 " \\ + x'.repeat(5000);
    expect(await port.request("host.echo", { text })).toEqual({ text });
    await port.close();
  });

  it("has a word for a missing ssh", async () => {
    const error = await failureOf(open({ executable: "/nonexistent/ssh" }, HOST));
    expect(error).toMatchObject({ code: "ENGINE_NOT_FOUND", outcome: "not sent" });
    expect(error.message).toContain("/nonexistent/ssh");
  });

  it("uses an installed module without sending one", async () => {
    const fake = fakeSsh();
    const module = { installed: "C:\\Program Files\\Background'Copy\\" };
    const link = await open({ executable: fake.executable, module }, HOST);
    await link.close();
    expect(fake.did(HOST)).toEqual(["start", "host.identify", "service.open", "end"]);
  });
});
