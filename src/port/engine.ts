import type { ServiceName } from "../model/services.js";
import type { Language } from "../words/messages.js";
import type { Service } from "./service.js";

/** A host of a fleet, after its name and address were checked. */
export interface FleetHost {
  /** The name of the host in plans, journals, and outcomes. */
  readonly name: string;
  /** The name or address to connect to. */
  readonly address: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
}

/** The options of {@link FleetEngine.open}. */
export interface OpenOptions {
  readonly service: ServiceName;
  /** The language of the errors. */
  readonly language: Language;
  /** A signal that ends the attempt to connect. */
  readonly signal: AbortSignal;
  /** The time-out for connecting, in milliseconds. */
  readonly timeoutInMs: number;
  /** The time in milliseconds after which the session on the host ends. */
  readonly hostTimeoutInMs: number;
  /** Whether the integrity level of the account is wanted, for which another program is started on the host. */
  readonly withIntegrity?: boolean | undefined;
}

/** The properties of a host, and of the logon there. Unknown properties are missing. */
export interface RemoteHost {
  /** The version of Windows. */
  readonly windows?: string | undefined;
  /** The version of PowerShell. */
  readonly powershell?: string | undefined;
  /** The edition of PowerShell. */
  readonly edition?: string | undefined;
  readonly languageMode?: string | undefined;
  /** The kind of account: `"user"`, `"system"`, `"localService"`, or `"networkService"`. */
  readonly user?: string | undefined;
  readonly elevated?: boolean | undefined;
  /** The integrity level of the account, such as 0x3000. */
  readonly integrity?: number | undefined;
  /** The kind of logon, such as `"network"`. */
  readonly logon?: string | undefined;
}

/** The connection to a host. After the connection is lost, all requests fail. */
export interface FleetLink {
  /** The service on the host. If the connection is lost, a request rejects with a BridgeError that contains the outcome. */
  readonly port: Service;
  readonly remote: RemoteHost;
  /** The SHA-256 of the module on the host, in hexadecimal. */
  readonly moduleSha256: string;
  close(): Promise<void>;
}

/** An engine, which connects a fleet to its hosts. */
export interface FleetEngine {
  /** The name of the engine, such as `"ssh"`. */
  readonly name: string;
  /**
   * Connects to a host.
   *
   * @throws {@link BridgeError} with the outcome `"not sent"` if the host can't be used.
   */
  open(host: FleetHost, options: OpenOptions): Promise<FleetLink>;
  /** Closes the resources that all connections share. */
  close?(): Promise<void>;
}
