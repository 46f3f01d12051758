/** A piece of Microsoft's page, its correction with the reason, and its link. */
export interface Cell {
  readonly text: string;
  readonly edited: string;
  readonly reason?: string;
  readonly href?: string;
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** The Markdown of Microsoft's page as HTML: bold text and escaped characters. Constants may wrap at their underscores. */
export function quoted(markdown: string): string {
  return markdown
    .replace(/[&<>"]/g, (sign) => ESCAPES[sign] as string)
    .replace(/(?<![\\*])\*\*([^*]+)\*\*(?!\*)/g, "<strong>$1</strong>")
    .replace(/\\([\\*[\]])/g, "$1")
    .replace(/(?<=[A-Z]_)(?=[A-Z])/g, "<wbr>");
}

/** A piece of Microsoft's page, as a link if it has one. */
export function linked({ text, href }: Cell): string {
  return href ? `<a href="${href}">${quoted(text)}</a>` : quoted(text);
}

/** The correction of a piece and its reason. */
export function below({ edited, reason }: Cell, label: string): string {
  const why = reason ? ` <small>${quoted(reason)}</small>` : "";
  return edited ? `<span class="edited"><span class="label">${label}</span> ${quoted(edited)}${why}</span>` : "";
}
