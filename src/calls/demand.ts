import type { PropertyName } from "../model/settings.js";
import { capabilitiesOf, type Capabilities } from "../port/capabilities.js";
import type { WireSettings } from "../port/protocol.js";
import { lackingSecurityFlags } from "../port/security-flags.js";
import { BridgeError } from "../words/errors.js";
import type { Session } from "./session.js";

// An operation that the service does not support fails here, with the alternative, before anything is sent.

/** The operations that a service might not support. */
type Feature = {
  [K in keyof Capabilities]: boolean extends Capabilities[K] ? (undefined extends Capabilities[K] ? never : K) : never;
}[keyof Capabilities];

function unsupported({ service, language }: Session, feature: string, name = ""): BridgeError {
  return new BridgeError("UNSUPPORTED", { outcome: "not sent", feature, values: { service, name } }, language);
}

export function sessionCapabilities({ service, port }: Session): Capabilities {
  return capabilitiesOf(service, port.managerInterface);
}

/** @throws BridgeError `UNSUPPORTED` if the service does not support the operation. */
export function demand(session: Session, feature: Feature): void {
  if (!sessionCapabilities(session)[feature]) {
    throw unsupported(session, feature);
  }
}

/** @throws BridgeError `UNSUPPORTED` if the service does not support one of these settings, or its value. */
export function demandSettable(session: Session, settings: WireSettings): void {
  const { interface: managerInterface, settableProperties } = sessionCapabilities(session);
  const lacking = Object.keys(settings).find((name) => !(settableProperties as readonly string[]).includes(name));
  if (lacking !== undefined) {
    throw unsupported(session, "setting", lacking);
  }
  const flags = managerInterface === "IDOManager" ? lackingSecurityFlags(settings.securityFlags ?? 0) : 0;
  if (flags !== 0) {
    throw unsupported(session, "securityFlags", `0x${flags.toString(16).toUpperCase().padStart(4, "0")}`);
  }
}

/** @throws BridgeError `UNSUPPORTED` if the service does not return this property of its jobs. */
export function demandReadable(session: Session, property: PropertyName): void {
  if (!sessionCapabilities(session).readableProperties.includes(property)) {
    throw unsupported(session, "condition", property);
  }
}
