import { localStart, type LocalOptions } from "./local-start.js";
import { ProcessHost, type HostService } from "./process-host.js";

export interface HostOptions extends LocalOptions, HostService {}

/** A PowerShell process on this computer that runs the request loop of the module. */
export class Host extends ProcessHost {
  constructor(options: HostOptions) {
    super(localStart(options), options);
  }
}
