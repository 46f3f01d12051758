// Writes the help files that Get-Help looks for, from the English comments in ps/ and their translations in locales/*/help.json. Plain
// JavaScript, because it is part of the build.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MODULE = join(ROOT, "ps", "BackgroundCopy");
const TOPIC = "about_BackgroundCopy";

// The names that Get-Help shows for types.
const TYPES = { guid: "Guid", string: "String", uint32: "UInt32", uint64: "UInt64", bool: "Boolean", object: "Object" };

/** Joins the lines of each paragraph. */
function unwrapped(lines) {
  return lines
    .map((line) => line.trim())
    .join("\n")
    .trim()
    .replace(/(?<!\n)\n(?!\n)/g, " ");
}

/** The sections of a comment: the keyword, the argument of the keyword, and the lines. */
function sectionsOf(comment) {
  const sections = [];
  for (const line of comment.split("\n")) {
    const [, keyword, argument] = /^\s*\.([A-Z]+)(?: (.+))?$/.exec(line) ?? [];
    if (keyword) {
      sections.push({ keyword, argument, lines: [] });
    } else if (line.trim() || sections.at(-1)?.lines.length) {
      sections.at(-1)?.lines.push(line);
    }
  }
  return sections;
}

function parameterOf(attributes, type, name, defaultValue) {
  const declared = [...attributes.matchAll(/\[Parameter\((.*?)\)\]/g)].map(([, declaration]) => declaration).join(", ");
  const choices = /\[ValidateSet\(([\s\S]*?)\)\]/.exec(attributes)?.[1];
  return {
    name,
    type:
      type === "switch"
        ? "SwitchParameter"
        : type.replace(/^[\w.]+/, (short) => TYPES[short] ?? short.split(".").at(-1)),
    isMandatory: /\bMandatory\b/.test(declared),
    position: /\bPosition = (\d+)/.exec(declared)?.[1],
    set: /\bParameterSetName = '(\w+)'/.exec(declared)?.[1],
    byValue: /\bValueFromPipeline\b/.test(declared),
    byName: /\bValueFromPipelineByPropertyName\b/.test(declared),
    alias: /\[Alias\('(\w+)'\)\]/.exec(attributes)?.[1],
    takesWildcards: attributes.includes("[SupportsWildcards()]"),
    choices: choices ? [...choices.matchAll(/'([^']+)'/g)].map(([, choice]) => choice) : [],
    defaultValue,
  };
}

/** The commands of the module, from their comments and declarations. */
export function commandsOfModule() {
  const sources = readdirSync(MODULE)
    .filter((file) => /-commands?\.psm1$/.test(file))
    .map((file) => readFileSync(join(MODULE, file), "utf8"));
  const functions =
    /^function (\w+-\w+) \{\n {4}<#\n([\s\S]*?)\n {4}#>\n {4}\[CmdletBinding\((.*)\)\]\n[\s\S]*?\n {4}param\(\n([\s\S]*?)\n {4}\)\n/gm;
  return sources.flatMap((source) =>
    [...source.matchAll(functions)].map(([, name, comment, binding, declarations]) => {
      const parameters = [
        ...declarations.matchAll(
          /((?:^ {8}\[\w+\([\s\S]*?\)\]\n)*)^ {8}\[([\w.]+(?:\[\])?)\]\$(\w+)(?: = (.+?))?,?$/gm,
        ),
      ].map(([, attributes, type, parameter, value]) =>
        parameterOf(attributes, type, parameter, value?.replace(/^'(.*)'$/, "$1").replace("@()", "")),
      );
      if (binding.includes("SupportsShouldProcess")) {
        parameters.push(parameterOf("", "switch", "WhatIf"), parameterOf("", "switch", "Confirm"));
      }
      return { name, sections: sectionsOf(comment), parameters };
    }),
  );
}

/** The code of an example, and its last line, which describes it. */
export function exampleOf({ lines }) {
  const trimmed = lines.map((line) => line.trim()).filter(Boolean);
  return { code: trimmed.slice(0, -1).join("\n"), remark: trimmed.at(-1) };
}

/** The texts of a command for translators, by part. */
function textsOfCommand({ sections }) {
  const texts = {};
  let examples = 0;
  for (const section of sections) {
    const { keyword, argument, lines } = section;
    if (keyword === "EXAMPLE") {
      texts[`example ${++examples}`] = exampleOf(section).remark;
    } else if (!["LINK", "EXTERNALHELP"].includes(keyword) && unwrapped(lines) !== "System.Guid") {
      texts[argument ? `parameter ${argument}` : keyword.toLowerCase()] = unwrapped(lines);
    }
  }
  return texts;
}

/** The paragraphs of the about topic. */
export function topic() {
  return readFileSync(join(MODULE, "en", `${TOPIC}.help.txt`), "utf8")
    .trimEnd()
    .split("\n\n");
}

// Code, the name of the topic, and links are the same in every language.
export const isCode = (paragraph) => /^ {8}|^ *(?:about_|https:)\S+$/.test(paragraph);

/**
 * The English texts, by command and part.
 *
 * @returns {Record<string, Record<string, string>>}
 */
export function helpTexts(commands = commandsOfModule()) {
  const about = topic().flatMap((paragraph, i) =>
    isCode(paragraph) ? [] : [[`${i + 1}`, unwrapped(paragraph.split("\n"))]],
  );
  return {
    ...Object.fromEntries(commands.map((command) => [command.name, textsOfCommand(command)])),
    [TOPIC]: Object.fromEntries(about),
  };
}

// In French cultures, Get-Help treats a no-break space as the end of a line and drops it. It keeps the narrow no-break space.
function escaped(text) {
  return text
    .replaceAll("\u00a0", "\u202f")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function paragraphs(text) {
  return text
    .split("\n\n")
    .map((paragraph) => `<maml:para>${escaped(paragraph)}</maml:para>`)
    .join("");
}

function pipelineInput({ byValue, byName }) {
  const ways = [...(byValue ? ["ByValue"] : []), ...(byName ? ["ByPropertyName"] : [])];
  return ways.length > 0 ? `True (${ways.join(", ")})` : "False";
}

function mamlOfParameter(parameter, text, isInSyntax) {
  const { name, type, isMandatory, position, alias, takesWildcards, choices, defaultValue } = parameter;
  const isSwitch = type === "SwitchParameter";
  const group = choices.map((choice) => `<command:parameterValue required="false">${choice}</command:parameterValue>`);
  const value = `<command:parameterValue required="true">${type}</command:parameterValue>`;
  const values =
    isInSyntax && group.length > 0
      ? `<command:parameterValueGroup>${group.join("")}</command:parameterValueGroup>`
      : value;
  return `<command:parameter required="${isMandatory}" globbing="${takesWildcards}" pipelineInput="${pipelineInput(parameter)}" position="${position ?? "named"}" aliases="${alias ?? "none"}">
<maml:name>${name}</maml:name><maml:description>${paragraphs(text)}</maml:description>
${isInSyntax && isSwitch ? "" : values}<dev:type><maml:name>${type}</maml:name></dev:type><dev:defaultValue>${defaultValue ?? (isSwitch ? "False" : "None")}</dev:defaultValue>
</command:parameter>`;
}

/** The parameter sets with their parameters, positional ones first. */
export function parameterSets(parameters) {
  const names = new Set(parameters.flatMap(({ set }) => set ?? []));
  const sets = names.size > 0 ? [...names] : [undefined];
  return sets.map((name) => {
    const members = parameters.filter(({ set }) => !set || set === name);
    const positional = members
      .filter(({ position }) => position)
      .sort((a, b) => Number(a.position) - Number(b.position));
    return [...positional, ...members.filter(({ position }) => !position)];
  });
}

function mamlOfCommand({ name, sections, parameters }, words) {
  const textOf = (part) => words(name, part);
  const examples = sections.filter(({ keyword }) => keyword === "EXAMPLE").map(exampleOf);
  const links = sections.filter(({ keyword }) => keyword === "LINK").map(({ lines }) => lines.join("").trim());
  const link = (target) =>
    target.startsWith("https:")
      ? `<maml:navigationLink><maml:linkText></maml:linkText><maml:uri>${target}</maml:uri></maml:navigationLink>`
      : `<maml:navigationLink><maml:linkText>${target}</maml:linkText></maml:navigationLink>`;
  const [verb, noun] = name.split("-");
  const parameterText = (parameter) => textOf(`parameter ${parameter.name}`);
  return `<command:command xmlns:maml="http://schemas.microsoft.com/maml/2004/10" xmlns:command="http://schemas.microsoft.com/maml/dev/command/2004/10" xmlns:dev="http://schemas.microsoft.com/maml/dev/2004/10">
<command:details><command:name>${name}</command:name><command:verb>${verb}</command:verb><command:noun>${noun}</command:noun><maml:description>${paragraphs(textOf("synopsis"))}</maml:description></command:details>
<maml:description>${paragraphs(textOf("description"))}</maml:description>
<command:syntax>
${parameterSets(parameters)
  .map(
    (members) =>
      `<command:syntaxItem><maml:name>${name}</maml:name>\n${members.map((member) => mamlOfParameter(member, parameterText(member), true)).join("\n")}\n</command:syntaxItem>`,
  )
  .join("\n")}
</command:syntax>
<command:parameters>
${parameters.map((parameter) => mamlOfParameter(parameter, parameterText(parameter), false)).join("\n")}
</command:parameters>
<command:inputTypes><command:inputType><dev:type><maml:name>${escaped(textOf("inputs") ?? "System.Guid")}</maml:name></dev:type></command:inputType></command:inputTypes>
<command:returnValues><command:returnValue><dev:type><maml:name>${escaped(textOf("outputs"))}</maml:name></dev:type></command:returnValue></command:returnValues>
<maml:alertSet><maml:alert>${paragraphs(textOf("notes"))}</maml:alert></maml:alertSet>
<command:examples>
${examples
  .map(
    ({ code }, i) =>
      `<command:example><maml:title>-------- ${i + 1} --------</maml:title><dev:code>${escaped(code)}</dev:code><dev:remarks>${paragraphs(textOf(`example ${i + 1}`))}</dev:remarks></command:example>`,
  )
  .join("\n")}
</command:examples>
<maml:relatedLinks>${links.map(link).join("")}</maml:relatedLinks>
</command:command>`;
}

/**
 * Writes the help of every language into the folder of its culture, where Get-Help looks for that culture and its children. Untranslated
 * texts stay in English; `npm run docs` reports them.
 *
 * @param {Record<string, { culture: string }>} languages The table of src/words/locale.ts, which exists once it is built.
 */
export function writePowerShellHelp(languages) {
  const commands = commandsOfModule();
  const english = helpTexts(commands);
  for (const [locale, { culture }] of Object.entries(languages)) {
    const file = join(ROOT, "locales", locale, "help.json");
    const translations = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    const words = (symbol, part) => translations[symbol]?.[part]?.[locale] || english[symbol][part];
    writeFileSync(
      join(MODULE, culture, "BackgroundCopy-help.xml"),
      `<?xml version="1.0" encoding="utf-8"?>\n<helpItems schema="maml" xmlns="http://msh">\n${commands.map((command) => mamlOfCommand(command, words)).join("\n")}\n</helpItems>\n`,
    );
    if (locale === "en") {
      continue;
    }
    const about = topic().map((paragraph, i) =>
      isCode(paragraph) ? paragraph : paragraph.match(/^ */)[0] + words(TOPIC, `${i + 1}`),
    );
    // With a byte order mark: without it, Windows PowerShell 5.1 uses the code page of the computer.
    writeFileSync(join(MODULE, culture, `${TOPIC}.help.txt`), `\ufeff${about.join("\n\n")}\n`);
  }
}
