// The menu of the site: its sections with their pages.
import { CMDLETS, cmdletPage } from "./cmdlet-pages.js";
import { codePage, codesOf, FAMILIES } from "./code-pages.js";
import { COMMAND_NAMES, commandPage } from "./command-pages.js";
import { slugsOf } from "./guide-pages.js";
import { METHODS } from "./methods.js";
import { KINDS } from "./reference.js";

/** The groups of the codes, which are also sections of the list of all codes. */
export const CODE_GROUPS = [...FAMILIES, "methods"];

/**
 * The menu in the format of Starlight, with labels in every language.
 *
 * @param {readonly import("./languages.js").Language[]} languages English first.
 * @param {readonly import("./markdown.js").Page[]} reference The English pages of the reference.
 */
export function menuOf(languages, reference) {
  const label = (pick) => ({
    label: pick(languages[0].words),
    translations: Object.fromEntries(languages.map(({ locale, words }) => [locale, pick(words)])),
  });
  const link = (slug) => ({ slug });
  // Pages that exist only in English have English labels in every menu.
  const isEverywhere = (slug) => languages.every(({ locale }) => slugsOf(locale).guides.includes(slug));
  const guide = (slug) => (isEverywhere(slug) ? link(slug) : { slug, attrs: { lang: "en" } });
  const group = (pick, items, collapsed = false) => ({ ...label(pick), items, collapsed });
  const { guides, recipes, contributors } = slugsOf("en");
  const ofKind = (folder) =>
    reference.filter(({ slug }) => slug.startsWith(`reference/${folder}/`)).map(({ slug }) => link(slug));
  const list = (slug, pick) => ({ slug, ...label(pick) });
  return [
    group(
      ({ site }) => site.guides,
      [
        group(({ site }) => site.guides, guides.map(guide)),
        group(
          ({ recipes: words }) => words.title,
          [list("recipes", ({ recipes: words }) => words.all), ...recipes.map(link)],
        ),
        group(({ site }) => site.contributors, contributors.map(guide), true),
      ],
    ),
    group(
      ({ manual }) => manual.commandsShort,
      [
        group(
          ({ manual }) => manual.commands,
          [list("commands", ({ manual }) => manual.overview), ...COMMAND_NAMES.map((name) => link(commandPage(name)))],
        ),
        group(
          ({ manual }) => manual.cmdlets,
          [list("cmdlets", ({ manual }) => manual.overview), ...CMDLETS.map((name) => link(cmdletPage(name)))],
        ),
      ],
    ),
    group(
      ({ codes }) => codes.short,
      [
        list("codes", ({ codes }) => codes.all),
        ...CODE_GROUPS.map((family) => {
          const names = family === "methods" ? METHODS : codesOf(family);
          return group(
            ({ codes }) => codes.family[family],
            names.map((name) => link(codePage(name))),
            true,
          );
        }),
      ],
    ),
    group(
      ({ site }) => site.reference,
      [
        list("reference", ({ manual }) => manual.overview),
        ...KINDS.map(({ folder, words: key }) =>
          group(({ typedoc }) => typedoc[key], ofKind(folder), folder !== "classes"),
        ),
      ],
    ),
  ];
}
