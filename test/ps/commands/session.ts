import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { type ComServer, NOTHING_HELD } from "../../support/com-server/index.js";
import { PowerShellSession, type Shown } from "../../support/powershell-session.js";
import type { Service } from "../service.js";

// The commands for people, on a service that supports all of them.

export const NOBODY = "00000000-0000-4000-8000-000000000001";

let targets = 0;
export const target = () => `C:\\windows\\temp\\commands-${++targets}.bin`;

export type Properties = Readonly<Record<string, unknown>>;

/** A PowerShell, and the statements to run in it. */
export function session(service: Service) {
  let server: ComServer;
  let shell: PowerShellSession;

  async function run(statements: string): Promise<Shown> {
    return shell.run(statements);
  }

  /** The default output. */
  async function get(statements: string): Promise<readonly Properties[]> {
    const { output, errors, warnings } = await run(statements);
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    return output as readonly Properties[];
  }

  beforeAll(async () => {
    server = await service.start("keep-final");
    shell = new PowerShellSession(service.executable(), service.modulePath());
  });
  afterAll(async () => {
    await shell[Symbol.asyncDispose]();
    await server.stop();
  });
  beforeEach(() => server.command("heal"));
  afterEach(async () => {
    expect(await server.references(), "what is held between commands").toMatchObject(NOTHING_HELD);
  });

  return {
    run,
    get,
    command: (line: string) => server.command(line),
    calls: async () => (await server.command("calls")) as Record<string, number>,
    async create(name = "a job", ...urls: string[]): Promise<string> {
      const files = urls.map((url) => ({ url, path: target() }));
      const lists = files.length
        ? `-RemoteUrl ${files.map(({ url }) => `'${url}'`)} -LocalName ${files.map(({ path }) => `'${path}'`)}`
        : "";
      const [job] = await get(`New-BackgroundCopyJob '${name}' ${lists} -Service ${service.name}`);
      return job?.JobId as string;
    },
    async stateOf(jobId: string): Promise<unknown> {
      const [job] = await get(`Get-BackgroundCopyJob -Id ${jobId} -Service ${service.name}`);
      return job?.State;
    },
  };
}

/** The session of the tests of a service. */
export type Commands = ReturnType<typeof session>;
