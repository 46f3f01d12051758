// The completion scripts for shells. They contain everything that they need: if a shell ran this program at each key, it would have to
// wait for Node to start.

export interface CompletedOption {
  readonly name: string;
  readonly describe: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

export interface CompletedCommand {
  readonly name: string;
  readonly describe: string;
  readonly options: readonly CompletedOption[];
  readonly candidates: readonly string[];
}

export interface Completed {
  readonly commands: readonly CompletedCommand[];
  /** The options of all commands. */
  readonly globals: readonly CompletedOption[];
}

const withDashes = ({ name }: CompletedOption) => `--${name}`;
/** A text as a literal of the shell, with quotes escaped as the shell requires. */
const quoted = (text: string, quote = "'\\''") => `'${text.replaceAll("'", quote)}'`;

/** Every option with a value, once: its possible values are the same for all commands. */
function valued({ commands, globals }: Completed): CompletedOption[] {
  const all = [...globals, ...commands.flatMap(({ options }) => options)].filter(({ takesValue }) => takesValue);
  return [...new Map(all.map((option) => [option.name, option])).values()];
}

function bash(completed: Completed): string {
  const { commands, globals } = completed;
  const values = valued(completed);
  const free = values.filter(({ choices }) => choices.length === 0);
  const options = (own: readonly CompletedOption[]) => [...own, ...globals].map(withDashes).join(" ");
  const names = commands.map(({ name }) => name);
  return `_background_copy() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command= candidates= word
  if [ "$current" = "=" ]; then
    current=
  elif [ "$previous" = "=" ]; then
    previous="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in ${names.join("|")}) command="$word"; break ;; esac
  done
  case "$previous" in
${values.flatMap((option) => (option.choices.length > 0 ? `    ${withDashes(option)}) candidates=${quoted(option.choices.join(" "))} ;;` : [])).join("\n")}
    ${free.map(withDashes).join("|")}) return ;;
    *)
      case "$command" in
        "") candidates=${quoted([...names, options([])].join(" "))} ;;
${commands.map(({ name, options: own, candidates }) => `        ${name}) candidates=${quoted([...candidates, options(own)].join(" "))} ;;`).join("\n")}
      esac ;;
  esac
  COMPREPLY=($(compgen -W "$candidates" -- "$current"))
}
complete -o default -F _background_copy background-copy`;
}

function zsh(completed: Completed): string {
  const { commands, globals } = completed;
  const entry = (name: string, describe: string) => quoted(`${name}:${describe}`);
  const options = (own: readonly CompletedOption[]) =>
    [...own, ...globals].map((option) => entry(withDashes(option), option.describe)).join(" ");
  const values = valued(completed);
  const free = values.filter(({ choices }) => choices.length === 0);
  return `#compdef background-copy
_background_copy() {
  local command= word
  local -a candidates options
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$word" in ${commands.map(({ name }) => name).join("|")}) command="$word"; break ;; esac
  done
  case "\${words[CURRENT-1]}" in
${values.flatMap((option) => (option.choices.length > 0 ? `    ${withDashes(option)}) compadd -- ${option.choices.join(" ")}; return ;;` : [])).join("\n")}
    ${free.map(withDashes).join("|")}) _files; return ;;
  esac
  case "$command" in
    "") candidates=(${commands.map(({ name, describe }) => entry(name, describe)).join(" ")}) options=(${options([])}) ;;
${commands.map(({ name, options: own, candidates }) => `    ${name}) candidates=(${candidates.join(" ")}) options=(${options(own)}) ;;`).join("\n")}
  esac
  case "$PREFIX" in
    -*) _describe option options ;;
    *) (( \${#candidates} )) && _describe argument candidates || _files ;;
  esac
}
if [[ "\${zsh_eval_context[-1]}" = loadautofunc ]]; then
  _background_copy "$@"
else
  compdef _background_copy background-copy
fi`;
}

function fish({ commands, globals }: Completed): string {
  const text = (value: string) => quoted(value.replaceAll("\\", "\\\\"), "\\'");
  const option = ({ name, describe, takesValue, choices }: CompletedOption) =>
    [
      `-l ${name} -d ${text(describe)}`,
      ...(takesValue ? ["-r"] : []),
      ...(choices.length > 0 ? [`-f -a ${text(choices.join(" "))}`] : []),
    ].join(" ");
  const lines = [
    ...globals.map(option),
    ...commands.flatMap(({ name, describe, options, candidates }) => [
      `-n __fish_use_subcommand -f -a ${name} -d ${text(describe)}`,
      ...options.map((own) => `-n '__fish_seen_subcommand_from ${name}' ${option(own)}`),
      ...(candidates.length > 0
        ? [`-n '__fish_seen_subcommand_from ${name}' -f -a ${text(candidates.join(" "))}`]
        : []),
    ]),
  ];
  return lines.map((line) => `complete -c background-copy ${line}`).join("\n");
}

function powershell(completed: Completed): string {
  const { commands, globals } = completed;
  // In ASCII, regardless of the code page of the console: PowerShell treats typographic quotes as quotes.
  const text = (value: string) =>
    quoted(
      value
        .replaceAll("\\", "\\\\")
        .replaceAll(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`),
      "''",
    );
  const table = (entries: readonly (readonly [name: string, describe: string])[]) =>
    `[ordered]@{ ${entries.map(([name, describe]) => `${text(name)} = ${text(describe)}`).join("; ")} }`;
  const options = (own: readonly CompletedOption[]) =>
    [...own, ...globals].map((option) => [withDashes(option), option.describe] as const);
  const names = commands.map(({ name, describe }) => [name, describe] as const);
  const list = (values: readonly string[]) => table(values.map((value) => [value, value]));
  return `Register-ArgumentCompleter -Native -CommandName 'background-copy', 'background-copy.cmd', 'background-copy.ps1' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $arguments = @{
        '' = ${table([...names, ...options([])])}
${commands.map(({ name, options: own, candidates }) => `        ${text(name)} = ${table([...candidates.map((each) => [each, each] as const), ...options(own)])}`).join("\n")}
    }
    $values = @{
${valued(completed)
  .map((option) => `        ${text(withDashes(option))} = ${list(option.choices)}`)
  .join("\n")}
    }
    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" })
    $command = @($words | Select-Object -Skip 1 | Where-Object { $arguments.ContainsKey($_) })[0]
    $candidates = if ($values.ContainsKey($words[-1])) { $values[$words[-1]] } else { $arguments["$command"] }
    foreach ($candidate in $candidates.Keys) {
        if ($candidate.StartsWith($wordToComplete, [StringComparison]::OrdinalIgnoreCase)) {
            [Management.Automation.CompletionResult]::new($candidate, $candidate, 'ParameterValue', [regex]::Unescape($candidates[$candidate]))
        }
    }
}`;
}

/** By shell. */
export const SCRIPTS = { bash, zsh, fish, powershell } as const;
