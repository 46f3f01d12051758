// The pages of the COM methods, with their sections in the order of Microsoft Learn. The page of IBackgroundCopyJob::Cancel quotes
// Microsoft's page. The others use the texts of the reference and of the catalogue.
import { readFileSync } from "node:fs";
import { explain } from "../../dist/words/explain.js";
import { hresults } from "../../dist/words/hresults.js";
import { cmdletPage, cmdletSyntax } from "./cmdlet-pages.js";
import { beside, codePage } from "./code-pages.js";
import { commandPage, commandSyntax } from "./command-pages.js";
import { slugsOf, titleOf } from "./guide-pages.js";
import { table } from "./markdown.js";
import { METHODS, methods } from "./methods.js";
import { withTabs } from "./tabs.js";

/** The text of Microsoft's page: `docs/documented-pages.json`. */
export const documented = JSON.parse(readFileSync(new URL("../documented-pages.json", import.meta.url), "utf8"));

const CANCEL = "IBackgroundCopyJob::Cancel";

/** The culture in Microsoft's addresses. */
const CULTURES = { en: "en-us", fr: "fr-fr", "pt-BR": "pt-br", "zh-TW": "zh-tw", de: "de-de", it: "it-it" };

function learn(locale, page) {
  return `https://learn.microsoft.com/${CULTURES[locale] ?? locale}/windows/${page}`;
}

/** The texts of a doc comment in a language by part, without TypeDoc's markup. */
function commentOf({ locale }, symbol, { english, translations }) {
  const parts = english[symbol] ?? {};
  const text = (part) => translations[symbol]?.[part]?.[locale] ?? parts[part];
  const readable = (part) =>
    text(part).replaceAll(
      /\{@link(?:\w*) ([^}|]+?)(?:\s*\|\s*([^}]+))?\}/g,
      (_, name, label) => label?.trim() ?? `\`${name}\``,
    );
  return Object.fromEntries(Object.keys(parts).map((part) => [part, readable(part)]));
}

/** The paragraphs of a summary, without the one that names the method's page, and the name in parentheses. */
function paragraphsOf(summary) {
  return summary
    .split("\n\n")
    .map((text) => text.replaceAll(/ ?[(（][^()（）]*::[^()（）]*[)）]/g, ""))
    .filter((text) => !/\w::\w/.test(text));
}

/** The signature of a member, as the reference shows it. */
function signatureOf({ member, setting }, pages) {
  const [page, name] = setting ? ["JobSettings", setting] : member.split(".");
  const { markdown } = pages.find(({ title }) => title === page);
  const [, signature] = new RegExp(
    `^### (?:get )?${name}(?:\\(\\)|\\?)?$[^\`]*\`\`\`ts\\n([\\s\\S]*?)\`\`\``,
    "m",
  ).exec(markdown);
  return setting ? `await job.set({ ${setting} });\n\n${signature}` : signature;
}

function syntax(name, pages) {
  const { cmdlet, parameters, command, options, signature } = methods[name];
  const block = (language, code) => `\`\`\`${language}\n${code.trimEnd()}\n\`\`\``;
  const oneALine = (text) =>
    text.replace(/\((.+, .+)\)$/, (_, list) => `(\n  ${list.replaceAll(/, (?=\[)/g, ",\n  ")}\n)`);
  return [
    block("ts", signatureOf(methods[name], pages)),
    cmdlet && block("powershell", cmdletSyntax(cmdlet, parameters)),
    command && block("sh", commandSyntax(command, options)),
    block("cpp", `${oneALine(signature)};`),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** The codes that a method returns with their messages. Codes with a message for this method come first. */
function returnTable(language, method, except = []) {
  const { locale, words, messages } = language;
  const own = messages.method[method];
  const listed = hresults().filter(({ name, returnedBy }) => own[name] ?? returnedBy.includes(method));
  const rows = listed
    .filter(({ name }) => !except.includes(name))
    .sort((a, b) => a.hresult - b.hresult)
    .map(({ name, hex }) => {
      const sentences = [
        own[name] ?? explain(name, { locale }).message,
        beside(language, explain(name, { locale: "en", method }).message),
      ];
      return [`\`${name}\`<br>${hex}`, sentences.filter(Boolean).join("<br>")];
    });
  return rows.length > 0 ? table([words.codes.code, words.codes.words], rows) : "";
}

/** Related pages: Microsoft's pages, and the member of this package that calls the method. */
function links({ locale, words }, name) {
  const { member, setting, cmdlet, command, pages } = methods[name];
  const { method } = words;
  const serviceOf = {
    "delivery-optimization": words.codes.family.deliveryOptimization,
    bits: "BITS",
    windows: "Windows",
  };
  const outside = Object.entries(pages).map(
    ([service, page]) =>
      `- [${method.microsoft.replace("{{method}}", name)}](${learn(locale, page)}) (${serviceOf[service]})`,
  );
  return [
    ...outside,
    `- \`${member ?? `JobSettings.${setting}`}\``,
    ...(cmdlet ? [`- [\`${cmdlet}\`](../${cmdletPage(cmdlet)}.md)`] : []),
    ...(command ? [`- [\`background-copy ${command}\`](../${commandPage(command)}.md)`] : []),
  ].join("\n");
}

function requirements({ words }, name) {
  const { iid, client = {} } = methods[name];
  const { method, codes } = words;
  const version = (text) => text.replace(", version ", method.version);
  return table(
    [method.requirement, method.value],
    [
      ...(client["delivery-optimization"]
        ? [[codes.family.deliveryOptimization, version(client["delivery-optimization"])]]
        : []),
      ...(client.bits ? [["BITS", version(client.bits)]] : []),
      ...(iid ? [["IID", `\`${iid}\``]] : []),
    ],
  );
}

function ownPage(language, name, reference) {
  const { words, locale } = language;
  const { method, manual } = words;
  const { member, setting, client, iid } = methods[name];
  const comment = commentOf(language, member ?? `JobSettings.${setting}`, reference);
  const [summary, ...remarks] = paragraphsOf(comment.summary);
  const starting = (start) => Object.keys(comment).filter((part) => part.startsWith(start));
  const parameters = starting("@param").map((part) => `- \`${part.slice("@param ".length)}\`: ${comment[part]}`);
  const refusals = starting("@throws").map((part) => comment[part]);
  const sections = [
    summary,
    `## ${manual.syntax} {#syntax}\n\n${syntax(name, reference.pages)}`,
    `## ${manual.parameters} {#parameters}\n\n${parameters.length > 0 ? parameters.join("\n") : method.onlyOptions}`,
    `## ${method.returnValue} {#return-value}`,
    comment["@returns"],
    returnTable(language, name),
    [...remarks, ...refusals].length > 0 &&
      `## ${method.remarks} {#remarks}\n\n${[...remarks, ...refusals].join("\n\n")}`,
    (client || iid) && `## ${method.requirements} {#requirements}\n\n${requirements(language, name)}`,
    `## ${manual.seeAlso} {#see-also}\n\n${links(language, name)}`,
  ];
  return {
    slug: codePage(name),
    title: name,
    markdown: sections.filter(Boolean).join("\n\n"),
    ...(locale !== "en" && { source: `locales/${locale}/reference.json` }),
  };
}

/** Microsoft's page, section by section, with this project's corrected wording if any. */
function cancelPage(language, reference) {
  const { locale, words, messages } = language;
  const { method, cancelPage: edited } = words;
  const page = documented.pages[locale];
  const address = learn(locale, methods[CANCEL].pages["delivery-optimization"]);
  const quote = (text, key) =>
    `<Documented text={${JSON.stringify(text)}} edited={${JSON.stringify(edited[`${key}_edited`] ?? "")}} editedLabel=${JSON.stringify(method.editedLabel)} />`;
  const quotedTable = (rows, key) => {
    const texts = rows.map((cells, row) =>
      cells.map((text, column) => ({ text, edited: edited[`${key}${row}${"ab"[column]}_edited`] ?? "" })),
    );
    return `<DocumentedTable rows={${JSON.stringify(texts)}} editedLabel=${JSON.stringify(method.editedLabel)} />`;
  };
  const [syntaxTitle, parametersTitle, returnTitle, remarksTitle, requirementsTitle, seeAlsoTitle] = page.headings;
  // The catalogue contains these sentences, with corrections and the reasons for them.
  const own = messages.method[CANCEL];
  const returned = page.returnTable.map(([code, sentence], row) => {
    const name = /S_OK|DO_E_INVALID_STATE/.exec(code)?.[0];
    return [
      { text: code, edited: edited[`returnTable${row}a_edited`] ?? "" },
      {
        text: sentence,
        edited: (name && own[`${name}_edited`]) ?? "",
        reason: (name && words.reason[`${name}_edited`]) ?? "",
      },
    ];
  });
  const related = page.seeAlso.map(([label, target], index) => ({
    text: label,
    edited: edited[`seeAlso${index}_edited`] ?? "",
    href: learn(locale, `win32/delivery_optimization/${target}`),
  }));
  const recipes = slugsOf(locale).recipes.filter((slug) => slug.includes("cancel-"));
  const component = (name) => `import ${name} from "../../../../components/${name}.astro";`;
  const sections = [
    [component("Documented"), component("DocumentedTable")].join("\n"),
    method.quoted.replace("{{link}}", () => `[${method.quotedPage.replace("{{method}}", CANCEL)}](${address})`),
    quote(page.heading, "heading"),
    quote(page.summary, "summary"),
    `## ${syntaxTitle} {#syntax}\n\n${syntax(CANCEL, reference.pages)}`,
    `## ${parametersTitle} {#parameters}\n\n${quote(page.parameters, "parameters")}`,
    `## ${returnTitle} {#return-value}\n\n${quote(page.returnValue, "returnValue")}`,
    `<DocumentedTable rows={${JSON.stringify(returned)}} editedLabel=${JSON.stringify(method.editedLabel)} />`,
    `${method.otherCodes}\n\n${returnTable(language, CANCEL, ["S_OK", "DO_E_INVALID_STATE"])}`,
    `## ${remarksTitle} {#remarks}\n\n${quote(page.remarks, "remarks")}`,
    `## ${requirementsTitle} {#requirements}\n\n${quotedTable(page.requirements, "requirements")}`,
    `## ${seeAlsoTitle} {#see-also}\n\n<DocumentedTable rows={${JSON.stringify(related.map((link) => [link]))}} editedLabel=${JSON.stringify(method.editedLabel)} list />`,
    `## ${method.here} {#in-this-package}\n\n${links(language, CANCEL)}\n${recipes.map((slug) => `- [${titleOf(locale, slug)}](../${slug}.md)`).join("\n")}`,
  ];
  return {
    slug: codePage(CANCEL),
    title: CANCEL,
    description: edited.summary_edited ?? page.summary,
    markdown: sections.join("\n\n"),
    otherNames: [CANCEL.replace("::", ".")],
    source: "docs/documented-pages.json",
  };
}

/**
 * @param {import("./languages.js").Language} language
 * @param {{ english: object, translations: object, pages: readonly import("./markdown.js").Page[] }} reference
 * @returns {import("./markdown.js").Page[]}
 */
export function methodPages(language, reference) {
  return METHODS.map((name) => {
    const page = name === CANCEL ? cancelPage(language, reference) : ownPage(language, name, reference);
    return withTabs(language, { ...page, front: { kind: language.words.codes.method } });
  });
}
