import type { Enumeration } from "../model/enumeration.js";
import { AUTH_TARGET, TRANSFER_POLICY, type AuthTarget, type TransferPolicy } from "../model/setting-values.js";
import { badArgument, checkObject } from "../words/arguments.js";
import type { Language } from "../words/messages.js";
import { propertiesOf } from "../words/properties-of.js";

/** Converts a value to its wire format. */
export interface Kind<T, Wire> {
  read(wire: Wire): T;
  /** @throws TypeError if the value is not of this kind. */
  write(value: unknown, name: string, language: Language): Wire;
}

function simple<T>(isValid: (value: unknown) => boolean, argument: string): Kind<T, T> {
  return {
    read: (wire) => wire,
    write: (value, name, language) => {
      if (!isValid(value)) {
        throw badArgument(language, argument, { name });
      }
      return value as T;
    },
  };
}

export const TEXT = simple<string>((value) => typeof value === "string", "string");
export const FLAG = simple<boolean>((value) => typeof value === "boolean", "boolean");
export const UNSIGNED = simple<number>(
  (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32,
  "unsigned",
);

export const SIZE: Kind<bigint, string> = {
  read: BigInt,
  write: (value, name, language) => {
    if (typeof value !== "bigint" || value < 0n || value >= 2n ** 64n) {
      throw badArgument(language, "bigint", { name });
    }
    return String(value);
  },
};

/** A name of an enumeration. */
export function choice<Name extends string>(enumeration: Enumeration<Name>): Kind<Name, number> {
  return {
    read: (wire) => enumeration.toName(wire),
    write: (value, name, language) => {
      const number = enumeration.toValue(value);
      if (number === undefined) {
        throw badArgument(language, "choice", { name, value, choices: enumeration.names.join(", ") });
      }
      return number;
    },
  };
}

/** Any names of a flags enumeration. */
export function choices<Name extends string>(enumeration: Enumeration<Name>): Kind<readonly Name[], number> {
  return {
    read: (wire) => enumeration.toNames(wire),
    write: (value, name, language) => {
      const flags = Array.isArray(value) ? enumeration.toFlags(value) : undefined;
      if (flags === undefined) {
        throw badArgument(language, "choices", { name, choices: enumeration.names.join(", ") });
      }
      return flags;
    },
  };
}

type Parts = Readonly<Record<string, Kind<unknown, unknown>>>;
type Read<P extends Parts> = { readonly [K in keyof P]: P[K] extends Kind<infer T, unknown> ? T : never };
type Written<P extends Parts> = { [K in keyof P]: P[K] extends Kind<unknown, infer Wire> ? Wire : never };

/** A value with several parts, each of its own kind. */
export function parts<P extends Parts>(kinds: P): Kind<Read<P>, Written<P>> {
  const names = Object.keys(kinds);
  const map = (each: (kind: Kind<unknown, unknown>, part: string) => unknown) =>
    Object.fromEntries(Object.entries(kinds).map(([part, kind]) => [part, each(kind, part)]));
  return {
    read: (wire) => map((kind, part) => kind.read(wire[part])) as Read<P>,
    write: (value, name, language) => {
      const given = checkObject(language, name, value as Record<string, unknown>, names);
      return map((kind, part) => kind.write(given[part], `${name}.${part}`, language)) as Written<P>;
    },
  };
}

export const POLICY: Kind<TransferPolicy | number, number> = {
  read: (wire) => TRANSFER_POLICY.names.find((name) => TRANSFER_POLICY.toValue(name) === wire) ?? wire,
  write: (value, name, language) =>
    typeof value === "number"
      ? UNSIGNED.write(value, name, language)
      : choice(TRANSFER_POLICY).write(value, name, language),
};

export const STORED_CREDENTIALS: Kind<AuthTarget | 0, number> = {
  read: (wire) => (wire === 0 ? 0 : AUTH_TARGET.toName(wire)),
  write: (value, name, language) => (value === 0 ? 0 : choice(AUTH_TARGET).write(value, name, language)),
};

// A name must be valid in HTTP, and a value must be on one line.
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[^\r\n\0]*$/;

export const HEADERS: Kind<Readonly<Record<string, string>>, string> = {
  read: (wire) =>
    Object.fromEntries(
      wire
        .split(/\r?\n/)
        .filter((line) => line.includes(":"))
        .map((line) => {
          const colon = line.indexOf(":");
          return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
        }),
    ),
  write: (value, name, language) => {
    const given = propertiesOf(value as object);
    if (!given) {
      throw badArgument(language, "record", { name });
    }
    const lines = Object.entries(given);
    for (const [header, content] of lines) {
      const isName = HEADER_NAME.test(header);
      if (!isName || typeof content !== "string" || !HEADER_VALUE.test(content)) {
        // Without the value, because it might be a secret. What is not a name might be a whole line, with the value in it.
        throw badArgument(language, "header", { name, header: isName ? header.slice(0, 100) : "…" });
      }
    }
    // The documentation of BITS requires CR/LF after each header, including the last one.
    return lines.map(([header, content]) => `${header}: ${content}\r\n`).join("");
  },
};
