import { stringWidth } from "./width.js";

export interface Column {
  readonly title: string;
  readonly align?: "right";
  /** The minimum width to which its cells can be truncated. Without it, they are never truncated. */
  readonly shrinksTo?: number;
  /** Omitted if there is no room for it. */
  readonly optional?: boolean;
}

export interface Cell {
  readonly text: string;
  /** Returns the text for a smaller width. Without it, the text is truncated. */
  readonly resize?: (width: number) => string;
  /** Adds color. Applied last, so that nothing is measured or truncated with it. */
  readonly paint?: ((text: string) => string) | undefined;
}

export type Row = readonly Cell[];

const GAP = "  ";
const ELLIPSIS = "…";
let segmenter: Intl.Segmenter | undefined;

/** Shortens `text` to `width` terminal columns. A Chinese character takes two columns. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) {
    return text;
  }
  segmenter ??= new Intl.Segmenter();
  let kept = "";
  let room = width - stringWidth(ELLIPSIS);
  for (const { segment } of segmenter.segment(text)) {
    room -= stringWidth(segment);
    if (room < 0) {
      break;
    }
    kept += segment;
  }
  return kept + ELLIPSIS;
}

function render({ align }: Column, { text, resize, paint = (t) => t }: Cell, width: number): string {
  const shown = resize ? resize(width) : cut(text, width);
  const padding = " ".repeat(width - stringWidth(shown));
  return align === "right" ? padding + paint(shown) : paint(shown) + padding;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));
}

/** The widths at which the columns fit, or undefined if they do not fit. */
function widthsFor(columns: readonly Column[], natural: readonly number[], width: number): number[] | undefined {
  const widths = [...natural];
  while (total(widths) > width) {
    const room = columns.map(({ shrinksTo = Number.POSITIVE_INFINITY }, i) => (widths[i] ?? 0) - shrinksTo);
    const widest = room.indexOf(Math.max(...room));
    if ((room[widest] ?? 0) <= 0) {
      return undefined;
    }
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/**
 * Lays out rows in columns that fit in `width`, with the titles on top. First, long cells are truncated, and then optional columns are
 * omitted, starting with the last. If that is not enough, the first column gets its own line, and the other columns are below it.
 */
export function table(columns: readonly Column[], rows: readonly Row[], width: number): string[] {
  const [head = [], ...body] = layOut(columns, [columns.map(({ title }) => ({ text: title })), ...rows], width);
  return [...head, ...body.flat()];
}

/** The lines of each row, without titles. */
export function layOut(columns: readonly Column[], rows: readonly Row[], width: number): string[][] {
  const natural = columns.map((_, i) => rows.reduce((most, row) => Math.max(most, stringWidth(row[i]?.text ?? "")), 0));
  let shown = columns.map((_, i) => i);
  for (;;) {
    const widths = widthsFor(pick(columns, shown), pick(natural, shown), width);
    if (widths) {
      return rows.map((row) => [line(pick(columns, shown), pick(row, shown), widths)]);
    }
    const spare = shown.findLast((i) => columns[i]?.optional);
    if (spare === undefined) {
      return columns.length > 1 ? stack(columns, rows, width) : rows.map((row) => row.map(({ text }) => text));
    }
    shown = shown.filter((i) => i !== spare);
  }
}

function pick<T>(items: readonly T[], indices: readonly number[]): T[] {
  return indices.flatMap((i) => items[i] ?? []);
}

function line(columns: readonly Column[], row: Row, widths: readonly number[]): string {
  const cells = columns.map((column, i) => render(column, row[i] ?? { text: "" }, widths[i] ?? 0));
  return cells.join(GAP).trimEnd();
}

function stack([first, ...others]: readonly Column[], rows: readonly Row[], width: number): string[][] {
  const above = layOut(
    first ? [first] : [],
    rows.map(([cell]) => (cell ? [cell] : [])),
    Number.POSITIVE_INFINITY,
  );
  const below = layOut(
    others,
    rows.map(([, ...cells]) => cells),
    width - GAP.length,
  );
  return rows.map((_, i) => [...(above[i] ?? []), ...(below[i] ?? []).map((text) => GAP + text)]);
}
