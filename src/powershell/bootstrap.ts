import { join } from "node:path";
import type { BridgeErrorCode } from "../words/bridge-codes.js";
import type { Values } from "../words/messages.js";
import { DAMAGED } from "./damaged.js";
import { readRemotingFailure } from "./psremoting/errors.js";

// The only text that PowerShell ever runs as script. It calls no .NET method, so that it also runs in Constrained Language Mode, and it
// contains no data: data travels in the environment and then on the channel. At startup, PowerShell puts the module folder of the user
// first, whatever the environment specifies, so this line limits it to its own modules. A policy that blocks this module might also block
// the types of PowerShell's own security module, but not the cmdlets in it. PowerShell's own message travels as the numbers of its
// characters, which no code page changes. The `finally` ends PowerShell with the request loop, even if a signal stops the loop: PowerShell's
// own loop would interpret the requests as commands.
const POLICIES = `$p = try { Import-Module "$PSHOME/Microsoft.PowerShell.Security.dll" -ErrorAction Ignore; Get-ExecutionPolicy -List | ForEach-Object { "$($_.Scope)=$($_.ExecutionPolicy)" } } catch { }`;
const PLACE = `$f = if ($e.FullyQualifiedErrorId -like 'Modules_ModuleNotFound*') { $e.TargetObject } else { $e.InvocationInfo.ScriptName }`;
const SAID = `$r = if ($e.Exception.ErrorRecord) { $e.Exception.ErrorRecord } else { $e }; $s = try { [int[]][char[]]"$r" -join ',' } catch { }`;
const FAILED = `"$m failed $($ExecutionContext.SessionState.LanguageMode) $($PSVersionTable.PSVersion) $($PSVersionTable.PSEdition) policies:$($p -join ',') file:$($f -replace '^.*[\\\\/]') line:$($e.InvocationInfo.ScriptLineNumber) said:$s $($e.FullyQualifiedErrorId)"`;

/** The line that runs these statements after `$m` is set to the marker, reports their failure, and ends PowerShell. */
export function bootstrapLine(marker: string, statements: string): string {
  return `$x = 1; $m = ${marker}; $env:PSModulePath = "$PSHOME/Modules"; try { ${statements}; $x = 0 } catch { & { param($e) ${POLICIES}; ${PLACE}; ${SAID}; ${FAILED} } $_ } finally { exit $x }\n`;
}

export const BOOTSTRAP = bootstrapLine(
  "$env:BACKGROUND_COPY_MARKER",
  "Import-Module $env:BACKGROUND_COPY_MODULE -ErrorAction Stop; Start-BackgroundCopyHost -Marker $m",
);

/** The first line of a PowerShell process: if it could not become ready, the language mode and the policies. */
export interface Engine {
  readonly version: string;
  readonly edition: string;
  readonly languageMode?: string;
  /** By scope, in order of precedence. */
  readonly policies?: Readonly<Record<string, string>>;
}

/** The line of a failed start without the marker: the process did not get the environment. */
export const STARTED_WITHOUT_ENVIRONMENT = /^ failed \w+Language \d/;

/** The reason why the module could not be imported or started. */
interface ImportFailure {
  readonly engine: Engine;
  readonly code: BridgeErrorCode;
  readonly values: Values;
  /** PowerShell's own message, line by line. */
  readonly said: readonly string[];
}

/** Parses the line in which PowerShell reports why the module in that folder is not ready. */
export function readImportFailure(failed: string, folder: string): ImportFailure {
  const [languageMode = "-", version = "-", edition = "-"] = failed.split(" ");
  const [, listed = "", file = "", line = "", characters = "", id = ""] =
    /policies:(\S*) file:(.*?) line:(\d*) said:(\S*) (.*)$/.exec(failed) ?? [];
  const policies = [...listed.matchAll(/(\w+)=(\w+)/g)].map(([, scope, policy]) => [scope, policy]);
  const message = characters && String.fromCharCode(...characters.split(",").map(Number));
  const remoting = readRemotingFailure(id);
  const code = remoting?.code ?? codeOf(id, languageMode, file);
  return {
    engine: { version, edition, languageMode, ...(policies.length > 0 && { policies: Object.fromEntries(policies) }) },
    code,
    values: { file, line, ...remoting?.values, ...(code === "MODULE_NOT_FOUND" && { path: join(folder, file) }) },
    said: [`${languageMode} ${version} ${edition} ${id}`, ...message.split(/\r?\n/)],
  };
}

/** From the identifier of the error, the language mode, and the file of the error, if it has one. */
function codeOf(id: string, languageMode: string, file: string): BridgeErrorCode {
  if (id === DAMAGED) {
    return "PROTOCOL";
  }
  if (/Modules_ModuleNotFound|UnauthorizedAccessException/.test(id)) {
    return "MODULE_NOT_FOUND";
  }
  if (/UnauthorizedAccess|SecurityException/.test(id)) {
    return "POWERSHELL_BLOCKED";
  }
  if (languageMode !== "FullLanguage") {
    return "CONSTRAINED_LANGUAGE";
  }
  return file === "" ? "MODULE_MISMATCH" : "MODULE_BROKEN";
}
