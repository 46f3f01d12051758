// The pages of the command line, from the output of --help: the commands, their options, and the texts of cli.json.
import { COMMANDS, globalOptions } from "../../dist/cli/command-line.js";
import { LOCALES } from "../../dist/words/locale.js";
import { table } from "./markdown.js";

export const COMMAND_NAMES = COMMANDS.map(({ name }) => name);

export function commandPage(name) {
  return `commands/${name}`;
}

/** Looks up a text of cli.json, as the command line does. */
function wordsOf({ cli }) {
  return (key) =>
    key
      .split(".")
      .reduce((tree, part) => tree?.[part], cli)
      ?.replace("{{locales}}", LOCALES.join(", "));
}

/**
 * The syntax of a command.
 *
 * @param {string} name
 * @param {readonly string[]} [only] The options to show.
 */
export function commandSyntax(name, only = []) {
  const { parameters } = COMMANDS.find((command) => command.name === name);
  return [
    "background-copy",
    name,
    parameters,
    ...only.map((option) => `--${option} <value>`),
    only.length > 0 ? "" : "[options]",
  ]
    .filter(Boolean)
    .join(" ");
}

/** Arguments or options, each with its purpose and its possible values. */
function list(declared, shown, { cli: { parser }, words: { manual } }) {
  const label = parser.choices.charAt(0).toUpperCase() + parser.choices.slice(1);
  return Object.entries(declared)
    .map(([name, declaration]) => {
      const { describe, choices, demandOption } = declaration;
      const listed = choices ? `  \n  ${label} ${choices.map((choice) => `\`${choice}\``).join(", ")}` : "";
      const required = demandOption ? ` (${parser.required})` : "";
      const end = /[.。:：]$/.test(describe) ? "" : manual.fullStop;
      return `- \`${shown(name, declaration)}\`${required}  \n  ${describe}${end}${listed}`;
    })
    .join("\n");
}

function optionList(options, language) {
  const { parser } = language.cli;
  const placeholder = (type) => (type === "boolean" ? "" : ` <${parser[type] ?? parser.string}>`);
  return list(options, (name, { type }) => `--${name}${placeholder(type)}`, language);
}

const withoutColon = (text) => text.replace(/\s*[:：]$/, "");

function page(language, command) {
  const { words: site, cli, locale } = language;
  const words = wordsOf(language);
  const { name, examples } = command;
  const [positionals, options] = [command.positionals?.(words) ?? {}, command.options?.(words) ?? {}];
  const shown = examples.map(
    (line, index) => `${words(`examples.${name}.${index}`)}\n\n\`\`\`sh\nnpx background-copy ${line}\n\`\`\``,
  );
  const sections = [
    `${words(`command.${name}`)}${site.manual.fullStop}`,
    `## ${site.manual.syntax} {#syntax}\n\n\`\`\`text\n${commandSyntax(name)}\n\`\`\``,
    Object.keys(positionals).length > 0 &&
      `## ${withoutColon(cli.parser.positionals)} {#arguments}\n\n${list(positionals, (argument) => argument, language)}`,
    `## ${withoutColon(cli.parser.examples)} {#examples}\n\n${shown.join("\n\n")}`,
    Object.keys(options).length > 0 &&
      `## ${withoutColon(cli.parser.options)} {#options}\n\n${optionList(options, language)}`,
    `${site.manual.globalOptions} [${site.manual.commands}](index.md#options)${site.manual.fullStop}`,
  ];
  return {
    slug: commandPage(name),
    title: `background-copy ${name}`,
    label: name,
    description: words(`command.${name}`),
    markdown: sections.filter(Boolean).join("\n\n"),
    front: { kind: site.manual.command },
    source: `locales/${locale}/cli.json`,
  };
}

function listPage(language) {
  const { words: site, cli, locale } = language;
  const words = wordsOf(language);
  const [, summary = ""] = cli.usage.split("\n\n");
  const codes = cli.exitCodes.split(/[:：]\s*(.*)/s);
  const exitCodes = codes[1]
    .replace(/[.。]$/, "")
    .split(/[;；]\s*/)
    .map((each) => /^(\d+)\s*(.+)$/s.exec(each).slice(1));
  return {
    slug: "commands/index",
    title: site.manual.commands,
    markdown: [
      summary,
      `\`\`\`text\nnpx background-copy <command> [options]\n\`\`\``,
      `## ${withoutColon(cli.parser.commands)} {#commands}`,
      COMMANDS.map(({ name }) => `- [\`${name}\`](${name}.md): ${words(`command.${name}`)}`).join("\n"),
      `## ${withoutColon(cli.parser.options)} {#options}\n\n${site.manual.everyCommand}\n\n${optionList(globalOptions(words), language)}`,
      `## ${codes[0]} {#exit-codes}\n\n${table([site.codes.code, site.manual.meaning], exitCodes)}`,
    ].join("\n\n"),
    source: `locales/${locale}/cli.json`,
  };
}

/**
 * @param {import("./languages.js").Language} language
 * @returns {import("./markdown.js").Page[]}
 */
export function commandPages(language) {
  return [listPage(language), ...COMMANDS.map((command) => page(language, command))];
}
