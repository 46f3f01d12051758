// Plain JavaScript, as markdown-it declares no types.
import MarkdownIt from "markdown-it";

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"' };

/**
 * What a line of Markdown shows, by another hand than the site's.
 *
 * @param {string} markdown
 * @returns {string}
 */
export function shown(markdown) {
  const html = new MarkdownIt().renderInline(markdown);
  return html.replaceAll(/<[^>]+>/g, "").replaceAll(/&(amp|lt|gt|quot);/g, (_, name) => ENTITIES[name]);
}

const lenient = new MarkdownIt({ html: true });
// Any link counts, including those that a reader would refuse to make.
lenient.validateLink = () => true;

/** Whether a reader of Markdown makes HTML of a text, or links to anything but another page. */
export function hasMarkup(text) {
  const tokens = lenient.parse(text, {}).flatMap((token) => [token, ...(token.children ?? [])]);
  return tokens.some(({ type, attrs }) => {
    const { href = "", src = "" } = Object.fromEntries(attrs ?? []);
    return /^html_/.test(type) || /^\s*(?:javascript|data|https?):/i.test(href + src);
  });
}
