/**
 * A table in Markdown.
 *
 * @param {readonly (readonly unknown[])[]} rows With the outcome of a test, what is documented, and whether the two agree.
 */
export function table(rows) {
  const cells = (/** @type {readonly unknown[]} */ row) =>
    `| ${row.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [cells(["test", "outcome", "documented", "agrees"]), "|-|-|-|-|", ...rows.map(cells)].join("\n");
}
