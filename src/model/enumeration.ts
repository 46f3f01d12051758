/**
 * A documented enumeration: its names, and their values in the headers. A value without a name is kept as text with its number, such as
 * `BG_JOB_STATE(42)`, and such a text is converted back to its number.
 */
export class Enumeration<Name extends string> {
  /** The names, in the order of their values. */
  readonly names: readonly Name[];
  readonly #prefix: string;
  readonly #values: ReadonlyMap<string, number>;
  readonly #names: ReadonlyMap<number, Name>;

  constructor(prefix: string, values: Readonly<Record<string, number>>) {
    const entries = Object.entries(values) as [Name, number][];
    this.names = entries.map(([name]) => name);
    this.#prefix = prefix;
    this.#values = new Map(entries);
    this.#names = new Map(entries.map(([name, value]) => [value, name]));
  }

  /** The name of a value. */
  toName(value: number): Name {
    return this.#names.get(value) ?? (`${this.#prefix}(${value})` as Name);
  }

  /** The value of a name, or `undefined` for an unknown name. */
  toValue(name: unknown): number | undefined {
    if (typeof name !== "string" || !name.startsWith(`${this.#prefix}(`)) {
      return this.#values.get(name as string);
    }
    const [, digits] = /^\((\d{1,10})\)$/.exec(name.slice(this.#prefix.length)) ?? [];
    return Number(digits) < 2 ** 32 ? Number(digits) : undefined;
  }

  /** The names of the bits that are set. */
  toNames(flags: number): Name[] {
    return Array.from({ length: 32 }, (_, bit) => 2 ** bit)
      .filter((value) => (flags & value) !== 0)
      .map((value) => this.toName(value));
  }

  /** The bits of the names, or `undefined` if one of them is unknown. */
  toFlags(names: readonly unknown[]): number | undefined {
    let flags = 0;
    for (const name of names) {
      const value = this.toValue(name);
      if (value === undefined) {
        return undefined;
      }
      flags |= value;
    }
    return flags >>> 0;
  }
}
