import { SENT_MODULE } from "../../made/sent-module.js";
import type { ServiceName } from "../../model/services.js";
import { badArgument, checkObject, checkString } from "../../words/arguments.js";
import type { Language } from "../../words/messages.js";

/** The module on the hosts: `"send"` for the module of the package, which is sent as text, or the absolute path of an installed copy. */
export type ModuleOption = "send" | { readonly installed: string };

/** So that the line that contains it stays short. */
const LONGEST_FOLDER = 200;

/** The folder is a path of the host: an absolute one, or a share. */
export function checkModule(language: Language, module: ModuleOption): void {
  if (module !== "send") {
    const { installed } = checkObject(language, "module", module, ["installed"]);
    const isWhole = /^(?:[A-Za-z]:[\\/]|[\\/])[^\p{Cc}]+$/u.test(checkString(language, "installed", installed));
    if (!isWhole || installed.length > LONGEST_FOLDER) {
      throw badArgument(language, "optionValue", { name: "installed", value: installed });
    }
  }
}

/** The module that answers on another computer: a text that is sent, or a folder there. */
export type RemoteModule = { readonly text: string; readonly sha256: string } | { readonly folder: string };

/** The module for a service that the caller chose. */
export function remoteModule(module: ModuleOption = "send", service: ServiceName): RemoteModule {
  return module === "send" ? SENT_MODULE[service as "bits"] : { folder: module.installed.replace(/[\\/]+$/, "") };
}
