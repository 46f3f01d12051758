// The menu of a page, which shows its section (the bar leads to the other sections), and the metadata of a page.
import { defineRouteMiddleware, type StarlightRouteData } from "@astrojs/starlight/route-data";
import site from "./content/site.json";
import { addressOf, PARTS, partOf } from "./site";

type Entry = StarlightRouteData["sidebar"][number];

function link(label: string, href: string): Entry {
  return { type: "link", label, href, isCurrent: false, badge: undefined, attrs: {} };
}

function isCurrent(entry: Entry): boolean {
  return entry.type === "link" ? entry.isCurrent : entry.entries.some(isCurrent);
}

/** The groups of the codes are long, so only the current group is listed. The others link to their sections in the list of all codes. */
function ofCodes(locale: string, [list, ...groups]: readonly Entry[]): Entry[] {
  const others = groups.map((group, index): Entry => {
    return isCurrent(group) && group.type === "group"
      ? { ...group, collapsed: false }
      : link(group.label, `${addressOf(locale, "codes")}.html#${site.codeGroups[index]}`);
  });
  return list ? [list, ...others] : others;
}

/** The menu of a section: its entries, without the name of the section above them. */
function menuOf(locale: string, entry: Entry | undefined, home: string): Entry[] {
  const entries = entry?.type === "group" ? entry.entries : [];
  return home === "codes" ? ofCodes(locale, entries) : entries;
}

export const onRequest = defineRouteMiddleware(({ locals }) => {
  const route = locals.starlightRoute;
  const { id, locale = "en", entry } = route;
  const part = partOf(id, locale);
  const menu = route.sidebar;
  // The home page has a menu too: on a phone, it contains the sections, the languages, and the colors.
  route.hasSidebar = true;
  route.sidebar = part
    ? menuOf(locale, menu[PARTS.indexOf(part)], part.home)
    : PARTS.map(({ home }, index) => link((menu[index] as Entry).label, `${addressOf(locale, home)}.html`));

  const slug = id.slice(locale.length + 1);
  for (const language of site.languages) {
    route.head.push({
      tag: "link",
      attrs: { rel: "alternate", hreflang: language.locale, href: addressOf(language.locale, slug) },
    });
  }
  if (site.site) {
    route.head.push({ tag: "link", attrs: { rel: "canonical", href: `${site.site}${addressOf(locale, slug)}.html` } });
  }
  const { source } = entry.data;
  route.editUrl = site.repository && source ? new URL(`${site.repository}/edit/main/${source}`) : undefined;
});
