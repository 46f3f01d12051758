import type { FleetEngine, FleetHost, FleetLink, OpenOptions } from "../../port/engine.js";
import { BridgeError } from "../../words/errors.js";
import type { Language } from "../../words/messages.js";
import { locateSsh } from "../locate.js";
import { openLink } from "../remote/link.js";
import { checkSshOptions, type SshEngineOptions } from "./options.js";
import { reach } from "./reach.js";
import { sshStart } from "./start.js";

/** Reaches Windows hosts with the SSH client of the system: one process per host, and nothing that stays on the host. */
export function sshEngine(options: SshEngineOptions, language: Language): FleetEngine {
  const checked = checkSshOptions(language, options);
  const { executable: given, reachTimeoutInMs, port } = checked;
  return {
    name: "ssh",
    async open(host: FleetHost, open: OpenOptions): Promise<FleetLink> {
      open.signal.throwIfAborted();
      const executable = locateSsh(given);
      if (executable === undefined) {
        const values = { path: given ?? "ssh" };
        throw new BridgeError("ENGINE_NOT_FOUND", { outcome: "not sent", values }, open.language);
      }
      if (reachTimeoutInMs !== undefined) {
        await reach(host, { port, timeoutInMs: reachTimeoutInMs }, open);
      }
      return openLink(sshStart(executable, checked, host, open), open);
    },
  };
}
