// Checks the links between the pages before the site is built.

/** Where a link in English alone is followed from another language. */
const inEnglish = (path) => path.replace(/^[^/]+/, "en");

/**
 * The broken links, one per line.
 *
 * @param {ReadonlyMap<string, { text: string, ids: readonly string[] }>} sources The pages by address: `fr/guides/cancel`.
 */
export function problemsOfAddresses(sources) {
  const page = (path) => [path, `${path}/index`].map((each) => sources.get(each)).find(Boolean);
  return [...sources].flatMap(([path, { text }]) =>
    [...text.matchAll(/\]\(\/([^)\s#]*)(?:#([^)\s]+))?\)|\]\(#([^)\s]+)\)/g)].flatMap(([, target, anchor, here]) => {
      const found = here === undefined ? (page(target) ?? page(inEnglish(target))) : sources.get(path);
      const id = here ?? anchor;
      const isRight = found && (!id || found.ids.includes(id));
      return isRight ? [] : [`${path}: the link /${target ?? path}${id ? `#${id}` : ""} leads nowhere`];
    }),
  );
}
