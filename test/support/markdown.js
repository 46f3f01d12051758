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
