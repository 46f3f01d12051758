import * as v from "valibot";
import { hresult, named, number, text } from "./protocol-values.js";

// The properties of a host.

/** Information about PowerShell and the computer, without secrets. Unknown values are missing. */
export const hostDescription = v.object({
  powershell: v.object({
    version: v.string(),
    edition: v.string(),
    path: v.string(),
    framework: v.string(),
    is64Bit: v.boolean(),
    languageMode: v.string(),
    lockdown: v.string(),
    culture: v.string(),
    codePages: v.object({ input: v.number(), output: v.number() }),
  }),
  /** By scope, in order of precedence: MachinePolicy, UserPolicy, Process, CurrentUser, LocalMachine. */
  policies: named(v.string()),
  module: v.object({ path: v.string(), version: v.string(), signature: text }),
  account: v.optional(
    v.object({
      kind: v.picklist(["system", "localService", "networkService", "user"]),
      logon: v.picklist(["service", "batch", "remoteInteractive", "interactive", "network", "other"]),
      session: v.number(),
      elevated: v.boolean(),
    }),
  ),
  services: v.optional(v.array(v.object({ name: v.string(), status: v.string(), startType: v.string() }))),
  /** The numbers that Group Policy sets, by their names in the registry. */
  limits: v.optional(
    v.object({
      bits: named(v.number()),
      deliveryOptimization: named(v.number()),
    }),
  ),
  /** The result of requesting that interface from each class. */
  interfaces: v.optional(v.array(v.object({ service: v.string(), interface: v.string(), hresult: hresult }))),
});

/** What a host on another computer is. It starts no service. Unknown values are missing. */
export const hostIdentity = v.object({
  /** The name and version of the operating system, such as `Microsoft Windows NT 10.0.19045.0`. */
  system: v.string(),
  languageMode: v.string(),
  account: hostDescription.entries.account,
  /** The integrity level of the process, such as 0x3000. */
  integrity: number,
  /** Of the files of the module, one after the other; missing for a module that was sent as text. */
  moduleSha256: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i))),
});
