// The pages of the codes: a list, one page a code, and one a method that has words of its own for some of its codes.
import { BRIDGE_ERROR_CODES } from "../../dist/words/errors.js";
import { explain } from "../../dist/words/explain.js";
import { hresults } from "../../dist/words/hresults.js";

/** The name of the page of a code or a method, which is its address too. */
export function codePage(name) {
  return `codes/${name.replace("::", ".")}`;
}

function table(header, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

function page(name, title, ...sections) {
  return { name, title, markdown: [`# ${title}`, ...sections.filter(Boolean)].join("\n\n") };
}

/** A sentence in English, where it stands on a page in another language. */
function inEnglish(sentence) {
  return `<span lang="en">${sentence}</span>`;
}

function beside({ locale, words }, sentence) {
  return locale === "en" ? "" : words.codes.english.replace("{{sentence}}", () => inEnglish(sentence));
}

function hresultPage(language, info) {
  const { locale, words, messages } = language;
  const { codes } = words;
  const { name, hresult, hex, severity, aliases, returnedBy } = info;
  const { message, advice } = explain(name, { locale });
  const methods = returnedBy.map((method) => [`\`${method}\``, messages.method[method]?.[name] ?? message]);
  const content = page(
    codePage(name),
    name,
    message,
    beside(language, explain(name, { locale: "en" }).message),
    advice && `## ${codes.advice}\n\n${advice}`,
    `## ${codes.code}`,
    table(
      [codes.code, `\`${name}\``],
      [
        [codes.hex, `\`${hex}\``],
        [codes.decimal, hresult],
        [codes.signed, hresult | 0],
        [codes.severity, codes.severityOf[severity]],
        ...(aliases.length > 0 ? [[codes.aliases, aliases.join(", ")]] : []),
      ],
    ),
    methods.length > 0 && `## ${codes.returnedBy}`,
    methods.length > 0 && table([codes.method, codes.methodWords], methods),
  );
  return { ...content, otherNames: [hex, hresult, hresult | 0] };
}

// What stands for the values that only the error itself can tell.
function withoutValues(sentence) {
  return sentence.replace(/\{\{\w+\}\}/g, "…");
}

// Behind an underscore in lower case stands what the words are about, where a code has several.
const isContext = (key) => /_[a-z]/.test(key);

// What a policy of the machine refuses, of which a guide tells more.
const POLICIES = ["POWERSHELL_BLOCKED", "CONSTRAINED_LANGUAGE", "DYNAMIC_CODE_BLOCKED"];

function bridgePage(language, code) {
  const { locale, words, messages } = language;
  const { codes } = words;
  const { message, advice } = explain(code, { locale });
  const others = Object.keys(messages.bridge).filter((key) => isContext(key) && key.startsWith(`${code}_`));
  return page(
    codePage(code),
    code,
    message,
    beside(language, explain(code, { locale: "en" }).message),
    `## ${codes.advice}\n\n${advice}`,
    POLICIES.includes(code) && `[${codes.lockedDown}](../guides/locked-down.html)`,
    codes.bridgeCode,
    others.length > 0 && `## ${codes.words}`,
    others.length > 0 &&
      table(
        [codes.words, codes.advice],
        others.map((key) => [withoutValues(messages.bridge[key]), withoutValues(messages.bridgeAdvice[key] ?? "")]),
      ),
  );
}

function methodPage(language, method) {
  const { locale, words, messages } = language;
  const { codes, reason } = words;
  const own = messages.method[method];
  const listed = hresults
    .filter(({ name, returnedBy }) => own[name] ?? returnedBy.includes(method))
    .sort((a, b) => a.hresult - b.hresult);
  const edited = listed.filter(({ name }) => own[`${name}_edited`]);
  const rows = listed.map(({ name, hex }) => {
    const sentences = [
      own[name] ?? explain(name, { locale }).message,
      beside(language, explain(name, { locale: "en", method }).message),
    ];
    return [`\`${name}\`<br>${hex}`, sentences.filter(Boolean).join("<br>")];
  });
  return page(
    codePage(method),
    method,
    codes.methodIntro,
    `## ${codes.words}`,
    table([codes.code, codes.words], rows),
    edited.length > 0 && `## ${codes.edited}\n\n${codes.editedIntro}`,
    ...edited.map(({ name }) =>
      table(
        [codes.code, `\`${name}\``],
        [
          [codes.documentedSentence, own[name]],
          [codes.editedSentence, own[`${name}_edited`]],
          [codes.reason, reason[`${name}_edited`]],
        ],
      ),
    ),
  );
}

/** The list of all codes, then a page for each. */
export function codePages(language) {
  const { locale, words, messages } = language;
  const { codes } = words;
  const methods = Object.keys(messages.method);
  const families = [...new Set(hresults.map(({ family }) => family))];
  const section = (family, header, rows) =>
    [`## ${codes.family[family]}`, codes.familyIntro[family], table(header, rows)].filter(Boolean).join("\n\n");
  const list = page(
    "codes/index",
    codes.title,
    codes.intro,
    `${codes.onCommandLine}\n\n\`\`\`sh\nnpx background-copy explain DO_E_INVALID_STATE --locale ${locale}\n\`\`\``,
    `## ${codes.family.methods}\n\n${codes.familyIntro.methods}`,
    methods.map((method) => `- \`${method}\``).join("\n"),
    ...families.map((family) =>
      section(
        family,
        [codes.code, codes.hex, codes.words],
        hresults
          .filter((info) => info.family === family)
          .map(({ name, hex }) => [`\`${name}\``, hex, explain(name, { locale }).message]),
      ),
    ),
    section(
      "bridge",
      [codes.code, codes.words],
      BRIDGE_ERROR_CODES.map((code) => [`\`${code}\``, explain(code, { locale }).message]),
    ),
  );
  return [
    list,
    ...methods.map((method) => methodPage(language, method)),
    ...hresults.map((info) => hresultPage(language, info)),
    ...BRIDGE_ERROR_CODES.map((code) => bridgePage(language, code)),
  ];
}
