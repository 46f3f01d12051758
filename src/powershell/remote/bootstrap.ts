import { bootstrapLine } from "../bootstrap.js";
import { DAMAGED } from "../damaged.js";
import type { RemoteModule } from "./module-option.js";

const SHA256 =
  "[BitConverter]::ToString([Security.Cryptography.SHA256CryptoServiceProvider]::new().ComputeHash([Text.Encoding]::ASCII.GetBytes($t))).Replace('-', '')";
// The next line contains the number of lines that follow, their length, and their SHA-256. A text that is incomplete or changed never runs.
const RECEIVE = `$r = [Console]::In; $n, $c, $h = $r.ReadLine() -split ' '; $b = [Text.StringBuilder]::new(); for ($i = 0; $i -lt $n; $i++) { $null = $b.Append($r.ReadLine()).Append([char]10) }; $t = $b.ToString(); if ("$($t.Length) $(${SHA256})" -ne "$c $h") { throw '${DAMAGED}' }; & ([scriptblock]::Create($t))`;

/** A text that no character of it can end, in the language of Constrained Language Mode, which reads no other data. */
function numbers(text: string): string {
  return `(-join [char[]](${Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)).join(",")}))`;
}

/** The marker in two parts: what a far side repeats of its input, as a shell does that knows no such command, is no marker. */
function inTwoParts(marker: string): string {
  const middle = marker.length / 2;
  return `'${marker.slice(0, middle)}' + '${marker.slice(middle)}'`;
}

/** What PowerShell on another computer reads first: constant but for the marker, the time, and the path of an installed module. */
export function remoteInput(module: RemoteModule, marker: string, timeInMs: number): string {
  const start = `Start-BackgroundCopyHost -Marker $m -TimeInMs ${Math.ceil(timeInMs)}`;
  if ("folder" in module) {
    const path = numbers(`${module.folder}/host.psm1`.replace(/[`[\]*?]/g, "`$&"));
    return bootstrapLine(inTwoParts(marker), `Import-Module ${path} -ErrorAction Stop; ${start}`);
  }
  const { text, sha256 } = module;
  const lines = text.split("\n").length - 1;
  return `${bootstrapLine(inTwoParts(marker), `${RECEIVE}; ${start}`)}${lines} ${text.length} ${sha256}\n${text}`;
}
