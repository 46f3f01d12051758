// The reference: TypeDoc reads the sources once and writes Markdown with translated doc comments for each language.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  Application,
  Converter,
  MinimalSourceFile,
  normalizePath,
  ReflectionKind,
  TSConfigReader,
  ValidatingFileRegistry,
} from "typedoc";
import { documentedSentences, languages } from "./languages.js";
import { textsOf } from "./texts.js";

// TypeDoc needs slashes in paths on Windows too.
const ROOT = normalizePath(fileURLToPath(new URL("../../", import.meta.url)));

/** The kinds of exports in the order of the menu, with the folders of their pages and the keys of their names in site.json. */
export const KINDS = [
  { folder: "classes", words: "kind_plural_class" },
  { folder: "functions", words: "kind_plural_function" },
  { folder: "interfaces", words: "kind_plural_interface" },
  { folder: "type-aliases", words: "kind_plural_type_alias" },
];

const FOLDERS = {
  [ReflectionKind.Class]: "classes",
  [ReflectionKind.Function]: "functions",
  [ReflectionKind.Interface]: "interfaces",
  [ReflectionKind.TypeAlias]: "type-aliases",
};

/** TypeDoc with its Markdown plugin, which is a package of the site. */
function start() {
  const list = ["parameters", "interfaceProperties", "typeAliasProperties", "enumMembers", "typeDeclaration"];
  return Application.bootstrapWithPlugins(
    {
      plugin: [join(ROOT, "docs/site/node_modules/typedoc-plugin-markdown/dist/index.js")],
      entryPoints: [`${ROOT}docs/exports.ts`],
      tsconfig: `${ROOT}docs/tsconfig.json`,
      basePath: ROOT,
      name: "background-copy",
      readme: "none",
      logLevel: "Warn",
      disableSources: true,
      excludeInternal: true,
      excludePrivate: true,
      excludeExternals: true,
      // Paths are not checked here, because pages also link to each other by address. All links are checked after the build.
      validation: { notExported: true, invalidLink: true, invalidPath: false, notDocumented: false },
      entryFileName: "index",
      hideBreadcrumbs: true,
      hidePageHeader: true,
      hidePageTitle: true,
      ...Object.fromEntries(list.map((name) => [`${name}Format`, "list"])),
      useCodeBlocks: true,
      expandParameters: true,
      useHTMLEncodedBrackets: true,
      locales: Object.fromEntries(languages.map(({ locale, words }) => [locale, words.typedoc])),
    },
    [new TSConfigReader()],
  );
}

/** The reference, read from the sources. */
export class Reference {
  #app;
  #snapshot;
  /** The English texts to translate, by symbol and part. */
  english = {};

  /** @returns {Promise<Reference | undefined>} Nothing if TypeDoc can't read the sources: it has reported the reason. */
  static async read() {
    const reference = new Reference();
    reference.#app = await start();
    const project = await reference.#convert();
    return project && reference;
  }

  async #convert() {
    const app = this.#app;
    // Collected before links are resolved, and after parameters have received their texts.
    app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => this.#collect(project), -200);
    const project = await app.convert();
    if (project) {
      app.validate(project);
      this.#snapshot = app.serializer.projectToObject(project, ROOT);
      // The exports were validated above. A snapshot does not contain what it omits.
      app.options.setValue("validation", { ...app.options.getValue("validation"), notExported: false });
    }
    return project;
  }

  #collect(project) {
    for (const { symbol, part, text } of textsOf(project)) {
      this.english[symbol] ??= {};
      this.english[symbol][part] ??= text;
      if (this.english[symbol][part] !== text) {
        this.#app.logger.error(`${symbol}, ${part}: two texts have this name`);
      }
    }
  }

  /** Whether TypeDoc reported a problem. */
  get hasProblems() {
    return this.#app.logger.hasErrors() || this.#app.logger.hasWarnings();
  }

  /**
   * A copy of the project in a language.
   *
   * @param {import("./languages.js").Language} language
   * @param {import("./translations.js").Catalogue} translations The translations of the doc comments.
   */
  #revive({ locale }, translations) {
    const app = this.#app;
    app.options.setValue("lang", locale);
    app.internationalization.setLocale(locale);
    const project = app.deserializer.reviveProject(
      undefined,
      { ...this.#snapshot, groups: undefined },
      { projectRoot: ROOT, registry: new ValidatingFileRegistry() },
    );
    for (const { symbol, part, replace } of locale === "en" ? [] : textsOf(project)) {
      const text = translations[symbol]?.[part]?.[locale];
      if (text) {
        const source = new MinimalSourceFile(text, `${ROOT}locales/${locale}/reference.json`);
        replace(app.converter.parseRawComment(source, project.files).content);
      }
    }
    app.trigger(Application.EVENT_PROJECT_REVIVE, project);
    for (const reflection of Object.values(project.reflections)) {
      joinErrors(reflection.comment);
      for (const group of (reflection !== project && reflection.groups) || []) {
        group.title = ReflectionKind.pluralString(group.children[0].kind);
      }
      // The top of a page names the base of its class.
      delete reflection.inheritedFrom;
    }
    app.validate(project);
    return project;
  }

  /**
   * The pages of a language, and their slugs by name.
   *
   * @returns {Promise<{ pages: import("./markdown.js").Page[], names: Map<string, string> }>}
   */
  async pages(language, translations) {
    const project = this.#revive(language, translations);
    const folder = mkdtempSync(join(tmpdir(), "background-copy-reference-"));
    try {
      await this.#app.outputs.writeOutput({ name: "markdown", path: folder }, project);
      const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md"));
      const pages = files.map((file) =>
        pageOf(language, file.replaceAll("\\", "/"), readFileSync(join(folder, file), "utf8")),
      );
      return { pages, names: namesOf(project) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/**
 * Puts all errors of a method below one heading.
 *
 * @param {import("typedoc").Comment | undefined} comment
 */
function joinErrors(comment) {
  const [first, ...others] = comment?.getTags("@throws") ?? [];
  for (const other of others) {
    first.content.push({ kind: "text", text: "\n\n" }, ...other.content);
    comment.blockTags.splice(comment.blockTags.indexOf(other), 1);
  }
}

function pageOf({ locale, words, messages }, file, markdown) {
  const name = file.replace(/\.md$/, "");
  const isList = name === "index";
  return {
    slug: isList ? "reference/index" : `reference/${name}`,
    title: isList ? words.site.reference : name.replace(/.*\//, ""),
    ...(isList && { description: words.site.description }),
    ...(!isList && { front: { kind: words.typedoc[SINGULAR[name.replace(/\/.*/, "")]] } }),
    // Readers search for the states by their names in the language.
    otherNames: name.endsWith("/JobState") ? Object.values(messages.state) : membersOf(markdown, name),
    ...(locale !== "en" && { source: `locales/${locale}/reference.json` }),
    // Examples are in the language of the page.
    markdown: markdown
      .replaceAll('locale: "en"', `locale: "${locale}"`)
      .replaceAll(`// ${documentedSentences(languages[0].messages)[0]}`, `// ${documentedSentences(messages)[0]}`),
  };
}

/** The full names of the members of a class, such as `BackgroundCopyJob.cancel`, as search terms. */
function membersOf(markdown, name) {
  const [folder, title] = name.split("/");
  const members = folder === "classes" ? [...markdown.matchAll(/^### (\w+)(?:\(\))?$/gm)] : [];
  return members.map(([, member]) => `${title}.${member}`);
}

const SINGULAR = {
  classes: "kind_class",
  functions: "kind_function",
  interfaces: "kind_interface",
  "type-aliases": "kind_type_alias",
};

function namesOf(project) {
  const names = new Map();
  for (const exported of project.children) {
    const slug = `reference/${FOLDERS[exported.kind]}/${exported.name}`;
    names.set(exported.name, slug);
    for (const member of exported.children ?? []) {
      names.set(`${exported.name}.${member.name}`, `${slug}#${member.name.toLowerCase()}`);
    }
  }
  return names;
}
