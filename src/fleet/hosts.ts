import type { FleetHost } from "../port/engine.js";
import { badArgument, isPort } from "../words/arguments.js";
import type { Language } from "../words/messages.js";
import { propertiesOf } from "../words/properties-of.js";

/** A host as the caller specifies it. */
export interface HostOptions {
  /** The name of the host in plans, journals, and outcomes. It isn't case-sensitive. */
  readonly name: string;
  /** The name or address to connect to. Default: the name. */
  readonly address?: string | undefined;
  /** The port to connect to. Default: the port of the engine. */
  readonly port?: number | undefined;
  /** The user to log on as. Default: the user of the engine. */
  readonly user?: string | undefined;
}

/** The hosts of a fleet: names, or objects with a name, as an array or any iterable. */
export type HostList = Iterable<string | HostOptions> | AsyncIterable<string | HostOptions>;

// A host name, or an address. With a hyphen in front, a program would take it for an option; OpenSSH expands percent signs.
const NAME = /^(?!-)[\p{L}\p{N}_.:-]{1,253}$/u;
// Names of Windows users can contain a domain, and almost any character.
const USER = /^(?!-)[^\p{C}\p{Z}\s%"]{1,256}$/u;

const PROPERTIES = ["name", "address", "port", "user"];

/** The error for the host at this index of a list. */
export type HostRefusal = (index: number, problem: string) => Error;

function checkHost(language: Language, given: unknown, refusal: (problem: string) => Error): FleetHost {
  const refuse = (key: string, value?: unknown) => refusal(badArgument(language, key, { value }).message);
  const properties = typeof given === "string" ? { name: given } : propertiesOf(Object(given));
  const unknown = Object.keys(properties ?? {}).find((name) => !PROPERTIES.includes(name));
  if (unknown !== undefined) {
    throw refuse("hostProperty", unknown);
  }
  const { name, address = name, port, user } = (properties ?? {}) as Record<string, unknown>;
  for (const value of [name, address]) {
    if (typeof value !== "string" || !NAME.test(value)) {
      throw refuse("hostName", value);
    }
  }
  if (port !== undefined && !isPort(port)) {
    throw refuse("hostPort");
  }
  if (user !== undefined && !(typeof user === "string" && USER.test(user))) {
    throw refuse("hostUser", user);
  }
  return {
    name: name as string,
    address: address as string,
    ...(port !== undefined && { port: port as number }),
    ...(user !== undefined && { user }),
  };
}

/** The name by which two entries are the same host. */
export function keyOf(name: string): string {
  return name.toLowerCase();
}

function isSameHost(one: FleetHost, other: FleetHost): boolean {
  return keyOf(one.address) === keyOf(other.address) && one.port === other.port && one.user === other.user;
}

/** The different hosts of a list, by their names, in the given order. */
export type Hosts = ReadonlyMap<string, FleetHost>;

/**
 * Checks hosts, and leaves out those that are already listed.
 *
 * @throws TypeError with the index of a host that is not valid, or that is listed twice with different data.
 */
export async function checkHosts(
  language: Language,
  hosts: unknown,
  refusal: HostRefusal = (index, problem) => badArgument(language, "hostAt", { index, problem }),
): Promise<Hosts> {
  const list = Object(hosts);
  if (typeof hosts === "string" || !(Symbol.iterator in list || Symbol.asyncIterator in list)) {
    throw badArgument(language, "hosts");
  }
  const checked = new Map<string, FleetHost>();
  let index = 0;
  for await (const given of list as HostList) {
    const host = checkHost(language, given, (problem) => refusal(index, problem));
    const key = keyOf(host.name);
    const listed = checked.get(key);
    if (listed && !isSameHost(listed, host)) {
      throw refusal(index, badArgument(language, "hostConflict", { value: host.name }).message);
    }
    checked.set(key, listed ?? host);
    index++;
  }
  return checked;
}

/** The hosts with these names. Without names, all hosts. */
export function limitHosts(language: Language, hosts: Hosts, names: Iterable<string> | undefined): Hosts {
  if (names === undefined) {
    return hosts;
  }
  const limited = new Map<string, FleetHost>();
  for (const name of names) {
    const host = typeof name === "string" ? hosts.get(keyOf(name)) : undefined;
    if (!host) {
      throw badArgument(language, "hostUnknown", { value: name });
    }
    limited.set(keyOf(name), host);
  }
  return limited;
}
