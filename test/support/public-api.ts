import { join, sep } from "node:path";
import ts from "typescript";

/** The doors of the package: the import paths and their declaration files. */
const DOORS = {
  "background-copy": "index.d.ts",
  "background-copy/fleet": "fleet.d.ts",
  "background-copy/testing": "testing.d.ts",
  "background-copy/words": "words.d.ts",
};

const printer = ts.createPrinter({ removeComments: true });

function isInternal(node: ts.Node): boolean {
  return ts.getJSDocTags(node).some(({ tagName }) => tagName.text === "internal");
}

/** Declarations that a program can't use, because they are internal or private. */
function isHidden(node: ts.Node): boolean {
  return isInternal(node) || (ts.isPropertyDeclaration(node) && ts.isPrivateIdentifier(node.name));
}

function withoutHidden(declaration: ts.Node): ts.Node {
  const visit = (node: ts.Node): ts.Node | undefined =>
    isHidden(node) ? undefined : ts.visitEachChild(node, visit, undefined);
  return ts.visitEachChild(declaration, visit, undefined);
}

/**
 * The exports of the doors in `folder`, as declarations without comments, by door and by name. A type that is not exported itself, but is
 * named by an export, belongs to it.
 */
export function publicApi(folder: string): string {
  const files = Object.values(DOORS).map((file) => join(folder, file));
  // Without the declarations of Node and of the language.
  const program = ts.createProgram(files, { module: ts.ModuleKind.NodeNext, noLib: true, types: [] });
  const checker = program.getTypeChecker();
  const resolved = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const isOurs = (symbol: ts.Symbol) =>
    symbol.declarations?.some((declaration) =>
      join(declaration.getSourceFile().fileName).startsWith(join(folder) + sep),
    ) ?? false;

  /** The types of this package that a declaration names. */
  function namesIn(declaration: ts.Node): ts.Symbol[] {
    const found: ts.Symbol[] = [];
    const visit = (node: ts.Node): void => {
      if (isHidden(node)) {
        return;
      }
      const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
      if (symbol && isOurs(resolved(symbol)) && ts.isSourceFile(declarationsOf(resolved(symbol))[0]?.parent ?? node)) {
        found.push(resolved(symbol));
      }
      ts.forEachChild(node, visit);
    };
    visit(declaration);
    return found;
  }

  function declarationsOf({ declarations = [] }: ts.Symbol): ts.Node[] {
    return declarations.map((declaration) =>
      ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration,
    );
  }

  function printed(symbol: ts.Symbol): string {
    return declarationsOf(symbol)
      .map((each) => printer.printNode(ts.EmitHint.Unspecified, withoutHidden(each), each.getSourceFile()))
      .join("\n");
  }

  const doors = files.map((file) => {
    const source = program.getSourceFile(file);
    const door = source && checker.getSymbolAtLocation(source);
    if (!door) {
      throw new Error(`${file} is missing, or exports nothing.`);
    }
    return checker.getExportsOfModule(door).map((symbol) => {
      const isTypeOnly = symbol.declarations?.some(ts.isTypeOnlyExportDeclaration) ?? false;
      const isValue = (resolved(symbol).flags & ts.SymbolFlags.Value) !== 0;
      return { name: isTypeOnly && isValue ? `type ${symbol.name}` : symbol.name, symbol: resolved(symbol) };
    });
  });

  const exported = new Set(doors.flat().map(({ symbol }) => symbol));
  const unexported = new Set<ts.Symbol>();
  const follow = (symbol: ts.Symbol): void => {
    for (const other of declarationsOf(symbol).flatMap(namesIn)) {
      if (!exported.has(other) && !unexported.has(other)) {
        unexported.add(other);
        follow(other);
      }
    }
  };
  for (const symbol of exported) {
    follow(symbol);
  }

  const section = (title: string, entries: readonly { readonly name: string; readonly symbol: ts.Symbol }[]) =>
    [
      `// ${title}`,
      ...entries
        .toSorted((a, b) => (a.symbol.name < b.symbol.name ? -1 : 1))
        .map(({ name, symbol }) => (name === symbol.name ? printed(symbol) : `// as ${name}\n${printed(symbol)}`)),
    ].join("\n\n");
  const named = [...unexported].map((symbol) => ({ name: symbol.name, symbol }));
  return [
    ...Object.keys(DOORS).map((name, i) => section(name, doors[i] ?? [])),
    ...(named.length > 0 ? [section("named by these", named)] : []),
  ]
    .join("\n\n")
    .concat("\n");
}
