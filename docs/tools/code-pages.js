// The pages of the codes: a list that can be filtered, and a page for each code.
import { BRIDGE_ERROR_CODES } from "../../dist/words/bridge-codes.js";
import { explain } from "../../dist/words/explain.js";
import { hresults } from "../../dist/words/hresults.js";
import { addressOf, table } from "./markdown.js";
import { METHODS } from "./methods.js";

const CANCEL = "IBackgroundCopyJob::Cancel";

/** The most common codes: those of the services, then those of this package. */
const MOST_MET = [
  "DO_E_INVALID_STATE",
  "BG_E_INVALID_STATE",
  "DO_E_JOB_NOT_FOUND",
  "BG_E_NOT_FOUND",
  "E_ACCESSDENIED",
  "ERROR_NOT_LOGGED_ON",
  "ERROR_SERVICE_DISABLED",
  "BG_S_UNABLE_TO_DELETE_FILES",
  "POWERSHELL_BLOCKED",
  "CONSTRAINED_LANGUAGE",
];

/** The name of the page of a code or a method, which is also its address. */
export function codePage(name) {
  return `codes/${name.replace("::", ".")}`;
}

/** An English sentence on a page in another language. */
export function beside({ locale, words }, sentence) {
  const english = `<span lang="en">${sentence}</span>`;
  return locale === "en" ? "" : words.codes.english.replace("{{sentence}}", () => english);
}

/** The search terms for a code: its number in every form, its name as words, and its name in the language of the page. */
function otherNames({ words }, name, hresult) {
  const numbers = hresult === undefined ? [] : [hexOf(hresult), hexOf(hresult).slice(2), hresult, hresult | 0];
  const inWords = name
    .replace(/^(?:DO|BG|RPC|CO)?_?[ES]_|^ERROR_/, "")
    .toLowerCase()
    .replaceAll("_", " ");
  return [...numbers, name, inWords, ...(words.search[name]?.split(", ") ?? [])];
}

function hexOf(hresult) {
  return `0x${hresult.toString(16).toUpperCase().padStart(8, "0")}`;
}

function hresultPage(language, info) {
  const { locale, words, messages } = language;
  const { codes } = words;
  const { name, hresult, hex, severity, aliases, returnedBy } = info;
  const { message, advice } = explain(name, { locale });
  // Most readers come from Cancel.
  const methods = [...returnedBy].sort((a, b) => Number(b === CANCEL) - Number(a === CANCEL));
  const ofCancel = returnedBy.includes(CANCEL) && messages.method[CANCEL][name];
  const sections = [
    message,
    ofCancel && ofCancel !== message && codes.fromCancel.replace("{{sentence}}", () => ofCancel),
    beside(language, explain(name, { locale: "en", method: ofCancel ? CANCEL : undefined }).message),
    advice && `## ${codes.advice}\n\n${advice}`,
    `## ${codes.code}`,
    table(
      [codes.code, `\`${name}\``],
      [
        [codes.hex, `\`${hex}\``],
        [codes.decimal, `\`${hresult}\``],
        [codes.signed, `\`${hresult | 0}\``],
        [codes.severity, codes.severityOf[severity]],
        ...(aliases.length > 0 ? [[codes.aliases, aliases.map((alias) => `\`${alias}\``).join(", ")]] : []),
      ],
    ),
    methods.length > 0 && `## ${codes.returnedBy}`,
    methods.length > 0 &&
      table(
        [codes.method, codes.methodWords],
        methods.map((method) => [`\`${method}\``, messages.method[method]?.[name] ?? message]),
      ),
  ];
  return {
    slug: codePage(name),
    title: name,
    description: `${hex}: ${message}`,
    markdown: sections.filter(Boolean).join("\n\n"),
    otherNames: [...otherNames(language, name, hresult), ...aliases],
    front: { kind: codes.family[info.family] },
    source: `locales/${locale}/messages.json`,
  };
}

// Placeholders for values that only the error itself contains.
function withoutValues(sentence) {
  return sentence.replace(/\{\{\w+\}\}/g, "…");
}

// If a code has several messages, the lowercase part after the underscore identifies the message.
const isContext = (key) => /_[a-z]/.test(key);

// Refusals by a policy of the computer, which a guide explains.
const POLICIES = ["POWERSHELL_BLOCKED", "CONSTRAINED_LANGUAGE", "DYNAMIC_CODE_BLOCKED"];

function bridgePage(language, code) {
  const { locale, words, messages } = language;
  const { codes } = words;
  const { message, advice } = explain(code, { locale });
  const others = Object.keys(messages.bridge).filter((key) => isContext(key) && key.startsWith(`${code}_`));
  const sections = [
    message,
    beside(language, explain(code, { locale: "en" }).message),
    `## ${codes.advice}\n\n${advice}`,
    POLICIES.includes(code) && `[${codes.lockedDown}](../guides/locked-down.md)`,
    codes.bridgeCode,
    others.length > 0 && `## ${codes.words}`,
    others.length > 0 &&
      table(
        [codes.words, codes.advice],
        others.map((key) => [withoutValues(messages.bridge[key]), withoutValues(messages.bridgeAdvice[key] ?? "")]),
      ),
  ];
  return {
    slug: codePage(code),
    title: code,
    markdown: sections.filter(Boolean).join("\n\n"),
    otherNames: otherNames(language, code),
    front: { kind: codes.family.bridge },
    source: `locales/${locale}/messages.json`,
  };
}

/** A list of codes, on the page with the filter. */
function list(language, names) {
  const { locale } = language;
  const entries = names.map((name) => {
    const { message, hex, hresult } = explain(name, { locale });
    const words = otherNames(language, name, hresult);
    return { name, hex, message, words: words.join(" "), href: addressOf(locale, codePage(name)) };
  });
  return `<CodeList codes={${JSON.stringify(entries)}} />`;
}

/** The groups of the codes: each family, then the codes of this package. */
export const FAMILIES = [...new Set(hresults().map(({ family }) => family)), "bridge"];

export function codesOf(family) {
  return family === "bridge"
    ? BRIDGE_ERROR_CODES
    : hresults()
        .filter((info) => info.family === family)
        .map(({ name }) => name);
}

function listPage(language) {
  const { locale, words } = language;
  const { codes } = words;
  const sections = FAMILIES.map((family) => {
    const names = codesOf(family);
    const count = codes.count.replace("{{count}}", names.length);
    return [
      `<section class="codes">\n\n## ${codes.family[family]} {#${family}}`,
      codes.familyIntro[family],
      `<details>\n<summary>${count}</summary>\n\n${list(language, names)}\n\n</details>\n\n</section>`,
    ];
  });
  return {
    slug: "codes/index",
    title: codes.title,
    isMdx: true,
    markdown: [
      'import CodeFilter from "../../../../components/CodeFilter.astro";\nimport CodeList from "../../../../components/CodeList.astro";',
      codes.intro,
      `<CodeFilter label=${JSON.stringify(codes.filter)} none=${JSON.stringify(codes.noneFound)} />`,
      `<section class="codes most-met">\n\n## ${codes.mostMet} {#most-met}\n\n${list(language, MOST_MET)}\n\n</section>`,
      ...sections.flat().filter(Boolean),
      `## ${codes.family.methods} {#methods}\n\n${METHODS.map((method) => `- \`${method}\``).join("\n")}`,
      `## ${codes.onCommandLine} {#on-the-command-line}\n\n\`\`\`sh\nnpx background-copy explain DO_E_INVALID_STATE --locale ${locale}\n\`\`\``,
    ].join("\n\n"),
    otherNames: words.search.codes?.split(", "),
    source: `locales/${locale}/messages.json`,
  };
}

/**
 * The list of all codes, then a page for each.
 *
 * @param {import("./languages.js").Language} language
 * @returns {import("./markdown.js").Page[]}
 */
export function codePages(language) {
  return [
    listPage(language),
    ...hresults().map((info) => hresultPage(language, info)),
    ...BRIDGE_ERROR_CODES.map((code) => bridgePage(language, code)),
  ];
}
