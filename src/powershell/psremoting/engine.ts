import type { FleetEngine, FleetHost, FleetLink, OpenOptions } from "../../port/engine.js";
import { untilAborted } from "../../waiting/abort.js";
import { BridgeError } from "../../words/errors.js";
import type { Language } from "../../words/messages.js";
import { locatePowerShell } from "../locate.js";
import { openLink } from "../remote/link.js";
import { checkRemotingOptions, type RemotingEngineOptions } from "./options.js";
import { SharedRelay } from "./relay.js";
import { relayStart, remotingStart } from "./start.js";

/**
 * Reaches Windows hosts with PowerShell remoting over WSMan, from Windows: one PowerShell here relays to all of them. Only a real Windows
 * shows what WSMan itself does: the tests drive the relay over other sessions, and the errors from their numbers.
 */
export function remotingEngine(options: RemotingEngineOptions, language: Language): FleetEngine {
  const checked = checkRemotingOptions(language, options);
  let relay: SharedRelay | undefined;
  return {
    name: "psremoting",
    async open(host: FleetHost, open: OpenOptions): Promise<FleetLink> {
      open.signal.throwIfAborted();
      const fail = (...[code, details]: [BridgeError["code"], object]) =>
        new BridgeError(code, { outcome: "not sent", ...details }, open.language);
      if (process.platform !== "win32") {
        // PowerShell on other systems has no client of WSMan.
        const values = { name: "psremoting", platform: process.platform, service: open.service };
        throw fail("UNSUPPORTED", { feature: "engine", values });
      }
      const executable = locatePowerShell(checked.executable);
      if (executable === undefined) {
        throw fail("POWERSHELL_NOT_FOUND", { values: { path: checked.executable ?? "powershell.exe" } });
      }
      const credential = await untilAborted(Promise.resolve(checked.credential?.(host.name)), open.signal);
      relay ??= new SharedRelay(relayStart(executable));
      return openLink(remotingStart(relay, checked, host, open, credential), open);
    },
    async close(): Promise<void> {
      await relay?.close();
    },
  };
}
