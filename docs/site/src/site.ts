import site from "./content/site.json";

/** The sections of the site, in the order of the menu: the folders of each, and its first page. */
export const PARTS = [
  { folders: ["guides", "recipes"], home: "guides/getting-started" },
  { folders: ["commands", "cmdlets"], home: "commands" },
  { folders: ["codes"], home: "codes" },
  { folders: ["reference"], home: "reference" },
] as const;

export function partOf(id: string, locale: string) {
  const folder = id.slice(locale.length + 1).split("/")[0] ?? "";
  return PARTS.find(({ folders }) => (folders as readonly string[]).includes(folder));
}

/** The address of a page; the build makes it relative. */
export function addressOf(locale: string, slug = ""): string {
  return slug ? `/${locale}/${slug}` : `/${locale}`;
}

/** The texts of the site in a language. */
export function wordsOf(locale: string | undefined) {
  const [english] = site.languages as [(typeof site.languages)[number]];
  return (site.languages.find((language) => language.locale === locale) ?? english).words;
}
