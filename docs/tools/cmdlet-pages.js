// The pages of the commands for PowerShell, from what Get-Help shows: the comments of ps/ and their translations.
import {
  commandsOfModule,
  exampleOf,
  helpTexts,
  isCode,
  parameterSets,
  topic,
} from "../../src/build/powershell-help.js";
import { readTranslations } from "./translations.js";

const TOPIC = "about_BackgroundCopy";
const commands = commandsOfModule();
const english = helpTexts(commands);

export const CMDLETS = commands.map(({ name }) => name).sort();

export function cmdletPage(name) {
  return `cmdlets/${name}`;
}

function syntaxOfParameter({ name, type, isMandatory, position }) {
  if (type === "SwitchParameter") {
    return `[-${name}]`;
  }
  const named = position === undefined ? `-${name}` : `[-${name}]`;
  return isMandatory ? `${named} <${type}>` : `[${named} <${type}>]`;
}

/**
 * The syntax of a command, one line per parameter set.
 *
 * @param {string} name
 * @param {readonly string[]} [only] The parameters to show in addition to the mandatory ones.
 */
export function cmdletSyntax(name, only) {
  const { parameters } = commands.find((command) => command.name === name);
  return parameterSets(parameters)
    .map((set) => set.filter((parameter) => !only || parameter.isMandatory || only.includes(parameter.name)))
    .map((set) => [name, ...set.map(syntaxOfParameter)].join(" "))
    .join("\n");
}

function parameterSection({ words: { manual } }, parameter, text) {
  const { name, type, isMandatory, position, alias, takesWildcards, choices, byValue, byName, defaultValue } =
    parameter;
  const yesOrNo = (condition) => (condition ? manual.yes : manual.no);
  const pipeline = [byValue && "ByValue", byName && "ByPropertyName"].filter(Boolean).join(", ");
  const facts = [
    [manual.type, `\`${type}\``],
    ...(choices.length > 0 ? [[manual.values, choices.map((choice) => `\`${choice}\``).join(", ")]] : []),
    ...(defaultValue ? [[manual.defaultValue, `\`${defaultValue}\``]] : []),
    ...(isMandatory ? [[manual.required, yesOrNo(true)]] : []),
    ...(position === undefined ? [] : [[manual.position, position]]),
    ...(alias ? [[manual.aliases, `\`${alias}\``]] : []),
    ...(pipeline ? [[manual.pipeline, pipeline]] : []),
    ...(takesWildcards ? [[manual.wildcards, yesOrNo(true)]] : []),
  ];
  const list = facts.map(([label, value]) => `- ${label}${manual.afterLabel}${value}`).join("\n");
  return `### -${name} {#-${name.toLowerCase()}}\n\n${text}\n\n${list}`;
}

function commandPage(language, { name, sections, parameters }) {
  const { locale, words } = language;
  const { manual } = words;
  const translations = readTranslations(locale, "help")[name] ?? {};
  const textOf = (part) => translations[part]?.[locale] ?? english[name][part];
  const examples = sections.filter(({ keyword }) => keyword === "EXAMPLE").map(exampleOf);
  const links = sections.filter(({ keyword }) => keyword === "LINK").map(({ lines }) => lines.join("").trim());
  const linkOf = (target) =>
    target.startsWith("https:") ? `[Microsoft Learn](${target})` : `[\`${target}\`](${target}.md)`;
  const markdown = [
    textOf("synopsis"),
    `## ${manual.syntax} {#syntax}\n\n\`\`\`text\n${cmdletSyntax(name)}\n\`\`\``,
    `## ${manual.description} {#description}\n\n${textOf("description")}`,
    `## ${manual.examples} {#examples}`,
    ...examples.map(({ code }, index) => `${textOf(`example ${index + 1}`)}\n\n\`\`\`powershell\n${code}\n\`\`\``),
    `## ${manual.parameters} {#parameters}`,
    ...parameters.map((parameter) => parameterSection(language, parameter, textOf(`parameter ${parameter.name}`))),
    `## ${manual.inputs} {#inputs}\n\n${textOf("inputs") ?? "System.Guid"}`,
    `## ${manual.outputs} {#outputs}\n\n${textOf("outputs")}`,
    `## ${manual.notes} {#notes}\n\n${textOf("notes")}`,
    `## ${manual.seeAlso} {#see-also}\n\n${links.map((target) => `- ${linkOf(target)}`).join("\n")}`,
  ];
  return {
    slug: cmdletPage(name),
    title: name,
    description: textOf("synopsis"),
    markdown: markdown.join("\n\n"),
    front: { kind: manual.powershellCommand },
    ...(locale !== "en" && { source: `locales/${locale}/help.json` }),
  };
}

/** The text of Get-Help about_BackgroundCopy, from the description to the examples. Headings in it are in capitals. */
function topicParagraphs({ locale }) {
  const translations = readTranslations(locale, "help")[TOPIC] ?? {};
  const [first, last] = [5, -2];
  return topic()
    .map((paragraph, index) => ({ paragraph, text: translations[index + 1]?.[locale] ?? english[TOPIC][index + 1] }))
    .slice(first, last)
    .map(({ paragraph, text }) => {
      if (isCode(paragraph)) {
        return `\`\`\`powershell\n${paragraph.replaceAll(/^ {8}/gm, "")}\n\`\`\``;
      }
      return /^\S/.test(paragraph) ? `## ${text.charAt(0)}${text.slice(1).toLowerCase()}` : text;
    });
}

function listPage(language) {
  const { locale, words } = language;
  const list = CMDLETS.map((name) => {
    const synopsis = readTranslations(locale, "help")[name]?.synopsis?.[locale] ?? english[name].synopsis;
    return `- [\`${name}\`](${name}.md): ${synopsis}`;
  });
  return {
    slug: "cmdlets/index",
    title: words.manual.cmdlets,
    markdown: [...topicParagraphs(language), `## ${words.manual.allCmdlets} {#all}`, list.join("\n")].join("\n\n"),
    ...(locale !== "en" && { source: `locales/${locale}/help.json` }),
  };
}

/**
 * @param {import("./languages.js").Language} language
 * @returns {import("./markdown.js").Page[]}
 */
export function cmdletPages(language) {
  return [listPage(language), ...commands.map((command) => commandPage(language, command))];
}
