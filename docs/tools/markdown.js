// Shared by the pages of the site: a page as Markdown, its links, and the IDs of its headings.

/**
 * A page of the site in one language, as Markdown.
 *
 * @typedef {object} Page
 * @property {string} slug Its address below its language, `guides/cancel`, the same in every language.
 * @property {string} title
 * @property {string} markdown Without the title.
 * @property {string} [description] For search engines. Default: the first paragraph.
 * @property {string} [label] The label in the menu. Default: the title.
 * @property {boolean} [isMdx] Whether it contains components.
 * @property {readonly (string | number)[]} [otherNames] Other search terms for this page.
 * @property {object} [front] Further front matter.
 * @property {string} [path] The base of its relative links. Default: its slug. Example: `guides/fr/cancel`.
 * @property {string} [source] The file that it is made from, below the root of the project.
 */

const CODE_BLOCKS = /(^ *```[\s\S]*?^ *```)/m;

/** Changes a text outside its blocks of code. */
export function outsideCode(markdown, change) {
  return markdown
    .split(CODE_BLOCKS)
    .map((piece, index) => (index % 2 ? piece : change(piece)))
    .join("");
}

/** A text as readers see it: without links, code marks, and escapes. */
export function plainText(markdown) {
  return markdown
    .replaceAll(/\[((?:[^\]`]|`[^`]*`)*)\]\([^)]*\)/g, "$1")
    .replaceAll(/<[^>]+>|`|\\(?=\W)/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** The title of a Markdown file, and the rest. */
export function titled(text) {
  const [heading, title] = /^# (.+)\n+/m.exec(text);
  return { title, markdown: text.slice(text.indexOf(heading) + heading.length) };
}

export function table(header, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** The first paragraph of a page. */
export function summaryOf(markdown) {
  const prose = markdown.split(CODE_BLOCKS).filter((_, index) => index % 2 === 0);
  const paragraphs = prose.join("").split(/\n\s*\n/);
  return plainText(paragraphs.find((text) => /^[^#<|\-\s>[]|^\[[^!]/.test(text) && !/^import /.test(text)) ?? "");
}

/** A name that may wrap between its words, for places that allow no elements. */
function breakable(name) {
  return name.replaceAll(/(?<=_|::)(?=\w)|(?<=[a-z]-?)(?=[A-Z])/g, "\u200b");
}

/** The address of a page below the root of the site; the build makes it relative. */
export function addressOf(locale, slug, anchor = "") {
  return `/${locale}${slug ? `/${slug}` : ""}${anchor}`;
}

/**
 * The slug of the target page of a relative link. Handwritten files are in folders of their languages, but pages are not.
 *
 * @param {string} from The path of the file that contains the link, `guides/fr/cancel`, or the slug of its page.
 * @param {string} target The link, `errors.md`.
 */
function slugOf(from, target) {
  const { pathname } = new URL(target, `https://site/${from}`);
  return pathname
    .slice(1)
    .replace(/\.(?:md|html)$/, "")
    .replace(/^(guides|recipes)\/[^/]+\/(?=.)/, "$1/")
    .replace(/^docs\/(?=[^/]+$)/, "guides/")
    .replace(/(^|\/)index$/, "");
}

/** Replaces links between the pages by addresses. */
function withAddresses(locale, { slug, path = slug, markdown }) {
  return outsideCode(markdown, (text) =>
    text.replaceAll(/\]\((?!https?:|#|\/)([^)\s#]+)(#[^)\s]*)?\)/g, (_, file, anchor = "") => {
      return `](${addressOf(locale, slugOf(path, file), anchor)})`;
    }),
  );
}

/** Links names that have a page: in code, if the whole code is a name; in running text, codes and methods. */
function withNames(locale, slug, markdown, names) {
  const inText = /\b(?:I[A-Z]\w+::\w+|(?:DO|BG)_[ES]_\w+|E_[A-Z]+|S_(?:OK|FALSE)|[A-Z]+_E_[A-Z]\w*)\b/g;
  const pieces =
    /\[(?:[^\]`]|`[^`]*`)*\]\([^)]*\)|<(\w+)[^>]*>.*?<\/\1>|<[^>]+>|`([^`\n]+)`|(?:I[A-Z]\w+::\w+|\b[A-Z]+_[A-Z]\w*)/g;
  const link = (name, shown) => {
    const target = names.get(name);
    if (!target || target.split("#")[0] === slug) {
      return shown;
    }
    const [page, anchor] = target.split("#");
    return `[${shown}](${addressOf(locale, page, anchor && `#${anchor}`)})`;
  };
  return outsideCode(markdown, (text) =>
    text
      .split("\n")
      .map((line) =>
        /^(?:#|import |<(?!span))/.test(line)
          ? line
          : line.replaceAll(pieces, (shown, _tag, code) => {
              if (code !== undefined) {
                return link(code, shown);
              }
              return shown.startsWith("[") || shown.startsWith("<")
                ? shown
                : shown.replace(inText, (name) => link(name, name.replace("::", "::<wbr />")));
            }),
      )
      .join("\n"),
  );
}

/** The ID of a heading, as GitHub makes it. */
function idOf(heading) {
  const letters = plainText(heading).replaceAll(/&\w+;/g, "");
  return letters
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}_\- ]/gu, "")
    .replaceAll(" ", "-");
}

function unused(id, ids) {
  const same = ids.filter((other) => other.replace(/-\d+$/, "") === id).length;
  return same > 0 ? `${id}-${same}` : id;
}

/**
 * Gives each heading the ID of the English heading, so that a section has the same address in every language.
 *
 * @param {string} markdown
 * @param {readonly string[]} [english] The ids of the English page.
 * @returns {{ markdown: string, ids: string[] }}
 */
export function withIds(markdown, english = []) {
  const ids = [];
  const changed = outsideCode(markdown, (text) =>
    text.replaceAll(/^(#{2,6}) (.+?)(?: \{#([^}]+)\})?$/gm, (_, level, heading, given) => {
      const id = given ?? english[ids.length] ?? unused(idOf(heading), ids);
      ids.push(id);
      return `${level} ${heading} {#${id}}`;
    }),
  );
  return { markdown: changed, ids };
}

/**
 * The content of the file for Astro.
 *
 * @param {string} locale
 * @param {Page} page
 * @param {ReadonlyMap<string, string>} names The slugs of the pages by name.
 * @param {readonly string[]} [english] The ids of the headings of the English page.
 */
export function fileOf(locale, page, names, english) {
  const { slug, title, otherNames = [], front = {}, source } = page;
  const label = page.label ?? (/[_:-]|[a-z][A-Z]/.test(title) && !title.includes(" ") ? breakable(title) : undefined);
  const linked = withNames(locale, slug, withAddresses(locale, page), names);
  const { markdown, ids } = withIds(linked, english);
  const data = {
    title: plainText(title),
    description: page.description ?? summaryOf(page.markdown),
    ...(label && { sidebar: { label } }),
    ...(otherNames.length > 0 && { otherNames: otherNames.map(String) }),
    ...(source && { source }),
    ...front,
  };
  const lines = Object.entries(data).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return { text: `---\n${lines.join("\n")}\n---\n\n${markdown}\n`, ids };
}
