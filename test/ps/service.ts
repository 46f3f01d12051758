import type { Host } from "../../src/powershell/host.js";
import type { ComServer } from "../support/com-server/index.js";

/** A contract of the stand-in service, for the tests of the module. */
export interface Service {
  readonly name: "delivery-optimization" | "bits";
  /** The manifest; like the program that is started as PowerShell, it exists only while the tests run. */
  readonly modulePath: () => string;
  readonly executable: () => string;
  readonly start: (...commands: string[]) => Promise<ComServer>;
  readonly host: () => Host;
}
