/** One program from the examples of a page, which build on each other: first the imports, each once. */
export function programOf(examples: readonly string[]): string {
  const imports = new Map<string, Set<string>>();
  const rest = examples.map((code) =>
    code.replace(
      /^import (?:\{ (.+) \}|(\w+)) from (".+");\n/gm,
      (line, names: string | undefined, _, from: string) => {
        const known = imports.get(from) ?? new Set();
        for (const name of names ? names.split(", ") : [line]) {
          known.add(name);
        }
        imports.set(from, known);
        return "";
      },
    ),
  );
  // An example that declares a name again stands by itself.
  const declared = new Set<string>();
  const blocks = rest.map((code) => {
    const declarations = code.matchAll(/^(?:const|let|await using) (?:\{ (.+?) \}|\[(.+?)\]|(\w+))/gm);
    const names = [...declarations].flatMap(([, properties, items, name]) =>
      (properties ?? items ?? name ?? "").split(", ").map((each) => each.split(": ").at(-1) ?? ""),
    );
    if (names.some((name) => declared.has(name))) {
      return `{\n${code}\n}`;
    }
    for (const name of names) {
      declared.add(name);
    }
    return code;
  });
  const heads = [...imports].map(([from, names]) => {
    const [first = ""] = names;
    return first.startsWith("import") ? first.trim() : `import { ${[...names].join(", ")} } from ${from};`;
  });
  return [...heads, ...blocks].join("\n");
}
