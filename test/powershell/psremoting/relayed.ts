import { bootstrapLine } from "../../../src/powershell/bootstrap.js";
import { ProcessHost } from "../../../src/powershell/process-host.js";
import type { RemotingCredential, RemotingEngineOptions } from "../../../src/powershell/psremoting/options.js";
import { type RelayStart, SharedRelay } from "../../../src/powershell/psremoting/relay.js";
import { relayStart, remotingStart } from "../../../src/powershell/psremoting/start.js";
import type { FleetHost, OpenOptions } from "../../../src/port/engine.js";
import { language, openOptions } from "../ssh/opening.js";

export const WAIT = { timeoutInMs: 600_000 };

/** A relay whose sessions are made by this script block, which takes the settings and the credential of a host. */
export function relayWith(executable: string, connect: string, change: Partial<RelayStart> = {}): SharedRelay {
  const input = bootstrapLine(
    "$env:BACKGROUND_COPY_MARKER",
    `Import-Module $env:BACKGROUND_COPY_MODULE -ErrorAction Stop; Start-RemotingRelay -Marker $m -Connect { param($settings, $credential) ${connect} }`,
  );
  return new SharedRelay({ ...relayStart(executable), input, ...change });
}

interface Opening {
  readonly options?: RemotingEngineOptions;
  readonly open?: Partial<OpenOptions>;
  readonly credential?: RemotingCredential;
}

/** A host behind a session of the relay. */
export function openHost(
  relay: SharedRelay,
  host: Partial<FleetHost>,
  { options = {}, open = {}, credential }: Opening = {},
): ProcessHost {
  const named = { name: "far", address: "127.0.0.1", ...host };
  const start = remotingStart(relay, options, named, openOptions(open), credential);
  return new ProcessHost(start, { service: "bits", language });
}

/** What the host answers to this text. */
export async function echo(far: ProcessHost, text: string): Promise<string> {
  return (await far.request("host.echo", { text }, WAIT)).text;
}
