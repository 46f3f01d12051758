// What the sites have beyond TypeDoc's own theme: addresses that are the same in every language, the switch between the languages, and
// a search that knows letters beyond English.
import lunr from "lunr";
import { IndexEvent, JSX, KindRouter, PageEvent, ReflectionKind } from "typedoc";
import { guidesOf } from "./documents.js";
import { languages } from "./languages.js";

/** Names a guide's page after its file, where TypeDoc would name it after its title. */
class Router extends KindRouter {
  getIdealBaseName(reflection) {
    return reflection.pageName ?? super.getIdealBaseName(reflection);
  }
}

// lunr's own trimmer knows no letters but a to z, and leaves nothing of a Chinese word. It is asked for by this name. A word goes into
// the index as theme/site.js looks for it: without accents, with the apostrophe of the keyboard, without signs around it.
lunr.trimmer = (token) =>
  token.update((word) =>
    word
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .replaceAll("’", "'")
      .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ""),
  );
lunr.Pipeline.registerFunction(lunr.trimmer, "unicodeTrimmer");

const html = JSX.createElement;

/** Whether a language has that page: all have the same, but for guides that are written in English alone. */
function hasPage(locale, url) {
  return locale === "en" || !url.startsWith("guides/") || guidesOf(locale).some(({ name }) => url === `${name}.html`);
}

/** The ids of the headings of a page, in the order of the page. */
function headingIds(contents) {
  return [...contents.matchAll(/<h[1-6]\b[^>]* id="([^"]*)"/g)].map(([, id]) => id);
}

/** Gives the headings of a page, and the links to them, the ids that they have in English: a place has one address in every language. */
function withIds(contents, english) {
  const ids = new Map(headingIds(contents).map((id, index) => [id, english[index] ?? id]));
  return contents.replaceAll(/( id="| href="#)([^"]*)"/g, (all, before, id) => {
    const inEnglish = ids.get(decodeURIComponent(id));
    return inEnglish === undefined ? all : `${before}${inEnglish}"`;
  });
}

/** Says of each heading how deep it is in its page: TypeDoc leaves out levels, and chooses them for their looks, which stay. */
function withLevels(contents) {
  const open = [];
  return contents.replaceAll(/<h([1-6])(?=[ >])/g, (heading, level) => {
    while (open.at(-1) >= level) {
      open.pop();
    }
    open.push(level);
    return open.length === Number(level) ? heading : `${heading} aria-level="${open.length}"`;
  });
}

/**
 * Dresses the sites that `app` renders, English first.
 *
 * @param app TypeDoc.
 * @param language Gives the language that is rendered at the moment.
 */
export function dressSite(app, language) {
  app.renderer.defineRouter("same-in-every-language", Router);
  app.options.setValue("router", "same-in-every-language");

  const twins = ({ page }) => {
    const up = "../".repeat(page.url.split("/").length);
    return languages.map(({ locale, words }) => {
      const exists = hasPage(locale, page.url);
      return {
        locale,
        name: words.site.languageName,
        exists,
        url: `${up}${locale}/${exists ? page.url : "index.html"}`,
      };
    });
  };
  app.renderer.hooks.on("head.end", (context) =>
    html(
      JSX.Fragment,
      null,
      ...twins(context)
        .filter(({ exists }) => exists)
        .map(({ locale, url }) => html("link", { rel: "alternate", hreflang: locale, href: url })),
    ),
  );
  app.renderer.hooks.on("body.begin", () => html("a", { class: "skip", href: "#content" }, language().words.site.skip));
  app.renderer.hooks.on("content.begin", (context) =>
    html(
      "nav",
      { class: "languages", "aria-label": language().words.site.language },
      html(
        "ul",
        null,
        ...twins(context).map(({ locale, name, url }) =>
          html(
            "li",
            null,
            html(
              "a",
              {
                href: url,
                hreflang: locale,
                lang: locale,
                "aria-current": locale === language().locale ? "true" : undefined,
              },
              name,
            ),
          ),
        ),
      ),
    ),
  );

  // A member is looked for by the name of its class too, a code by its numbers, and the states by what people call them.
  app.renderer.on(IndexEvent.PREPARE_INDEX, (event) => {
    event.searchFieldWeights.fullName = event.searchFieldWeights.name;
    event.searchFieldWeights.otherNames = event.searchFieldWeights.name;
    event.searchResults.forEach((reflection, index) => {
      const names =
        reflection.name === "JobState" ? Object.values(language().messages.state) : (reflection.otherNames ?? []);
      event.searchFields[index] = { fullName: reflection.getFullName(), otherNames: names.join(" ") };
    });
  });

  const englishIds = new Map();
  app.renderer.on(PageEvent.END, (event) => {
    if (language().locale === "en") {
      englishIds.set(event.url, headingIds(event.contents));
    } else {
      event.contents = withIds(event.contents, englishIds.get(event.url));
    }
  });

  // What TypeDoc writes in English whatever the language, and the landmarks that it lacks. A browser does not load icons from another
  // file of the disk, and icons.js puts them into the page anyway. A summary is a button and may hold no link.
  // The picture of the states scrolls in a box of its own on a narrow screen.
  app.renderer.on(PageEvent.END, (event) => {
    const { site } = language().words;
    event.contents = event.contents
      .replace(/(<meta name="description" content=")[^"]*/, `$1${site.description}`)
      .replace('aria-label="Breadcrumb"', `aria-label="${site.breadcrumb}"`)
      .replaceAll(/<use href="[^"#]*icons\.svg#/g, '<use href="#')
      .replaceAll(
        /(<summary class="[^"]*" data-key="section-(?:(?!<\/summary>)[\s\S])*?)<a [^>]*class="tsd-anchor-icon"[\s\S]*?<\/a>/g,
        "$1",
      )
      .replace(/<h5 class="tsd-index-heading(.*?)<\/h5>/s, '<h2 class="tsd-index-heading$1</h2>')
      .replace(/<svg class="states"[\s\S]*?<\/svg>/, '<div class="picture">$&</div>')
      .replace('<div class="col-content">', '<div class="col-content" id="content" role="main">')
      .replace('<div class="page-menu">', `<div class="page-menu" role="complementary" aria-label="${site.pageMenu}">`)
      // In a narrow column a constant breaks between its words.
      .replaceAll(/<td>[\s\S]*?<\/td>/g, (cell) => cell.replaceAll(/(?<=>[^<]*[A-Z0-9]_)(?=[A-Z])/g, "<wbr/>"));
    event.contents = withLevels(event.contents);
  });
}

/** Gives the groups of members their names in the language at hand. The project's own groups are made in it. */
export function translateGroups(project) {
  for (const reflection of Object.values(project.reflections)) {
    for (const group of (reflection !== project && reflection.groups) || []) {
      group.title = ReflectionKind.pluralString(group.children[0].kind);
    }
  }
}
