import type { ServiceName } from "../model/services.js";
import type { Language } from "../words/messages.js";
import type { Service } from "./service.js";

/** A host of a fleet, after its name and address were checked. */
export interface FleetHost {
  /** The name by which the caller knows the host. */
  readonly name: string;
  /** The name or address to connect to. */
  readonly address: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
}

/** What an engine needs to know to open a host. */
export interface OpenOptions {
  readonly service: ServiceName;
  /**
   * The language of the errors.
   *
   * @internal
   */
  readonly language: Language;
  /** The signal that ends the attempt. */
  readonly signal: AbortSignal;
  /** The time to connect, in milliseconds. */
  readonly timeoutInMs: number;
  /** The time after which the far side ends itself, in milliseconds. */
  readonly hostTimeoutInMs: number;
}

/** The properties of a host. Unknown values are missing. */
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

/** The connection to one host. It has one life: after a loss, its requests fail. */
export interface FleetLink {
  /**
   * The service on the host. If the connection is lost, a request rejects with a BridgeError that contains the outcome.
   *
   * @internal
   */
  readonly port: Service;
  readonly remote: RemoteHost;
  /** The SHA-256 of the module that answers, in hexadecimal. */
  readonly moduleSha256: string;
  close(): Promise<void>;
}

/** The way in which a fleet reaches its hosts. */
export interface FleetEngine {
  /** The name of the engine, such as `"ssh"`. */
  readonly name: string;
  /**
   * Connects to a host.
   *
   * @throws BridgeError with the outcome `"not sent"` if the host can't be used.
   */
  open(host: FleetHost, options: OpenOptions): Promise<FleetLink>;
  /** Releases what the engine holds for all hosts. */
  close?(): Promise<void>;
}
