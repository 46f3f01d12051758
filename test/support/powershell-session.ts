import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** An error record, as far as callers use it. */
export interface ShownError {
  readonly id: string;
  readonly category: string;
  readonly hresult: number;
  readonly message: string;
  /** The displayed message. */
  readonly shown: string;
  readonly action: string | null;
  readonly target: string;
}

/** The result of a statement. */
export interface Shown {
  readonly output: readonly unknown[];
  readonly errors: readonly ShownError[];
  readonly warnings: readonly string[];
  /** The output to the window that bypasses all streams, as from -WhatIf. */
  readonly window: string;
}

const MARKER = "<<answer>>";

// As JSON in ASCII, because the console in between might support only the letters of its code page.
const TO_ERROR =
  '@{ id = $_.FullyQualifiedErrorId; category = "$($_.CategoryInfo.Category)"; hresult = $_.Exception.HResult; message = $_.Exception.Message; shown = "$_"; action = if ($_.ErrorDetails) { $_.ErrorDetails.RecommendedAction } else { $null }; target = "$($_.TargetObject)" }';

const ESCAPE =
  "& { param($json) [regex]::Replace($json, '[^ -~]', { param($match) '\\u{0:x4}' -f [int][char]$match.Value }) }";

/** A time, as Windows PowerShell writes it too: by its milliseconds. */
function asTime(_key: string, value: unknown): unknown {
  const [, milliseconds] = /^\/Date\((\d+)\)\/$/.exec(String(value)) ?? [];
  return milliseconds === undefined ? value : new Date(Number(milliseconds)).toISOString();
}

/** A PowerShell process with the module, which runs statements. Disposing of it ends it. */
export class PowerShellSession implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<void>;
  readonly #window: string[] = [];
  #settle: ((answer: string) => void) | undefined;

  constructor(executable: string, modulePath: string) {
    const args = ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "-"];
    const quiet = { TERM: "dumb", NO_COLOR: "1", POWERSHELL_TELEMETRY_OPTOUT: "1" };
    this.#child = spawn(executable, args, {
      env: { ...process.env, ...quiet, BACKGROUND_COPY_MODULE: modulePath },
      windowsHide: true,
    });
    this.#child.stderr.resume();
    this.#ended = new Promise((resolve) => this.#child.once("close", () => resolve()));
    createInterface(this.#child.stdout).on("line", (line) => {
      if (line.startsWith(MARKER)) {
        this.#settle?.(line.slice(MARKER.length));
      } else {
        this.#window.push(line);
      }
    });
    this.#child.stdin.write("Import-Module $env:BACKGROUND_COPY_MODULE\n");
  }

  /** Runs statements, on one line. One at a time. */
  async run(statements: string): Promise<Shown> {
    const answered = new Promise<string>((resolve, reject) => {
      this.#settle = resolve;
      void this.#ended.then(() => reject(new Error(`PowerShell has ended: ${this.#window.join("\n")}`)));
    });
    this.#window.length = 0;
    const all = `$all = @(try { & { ${statements} } 2>&1 3>&1 } catch { $_ })`;
    const output =
      "output = @($all | Where-Object { $_ -isnot [Management.Automation.ErrorRecord] -and $_ -isnot [Management.Automation.WarningRecord] })";
    const errors = `errors = @($all | Where-Object { $_ -is [Management.Automation.ErrorRecord] } | ForEach-Object { ${TO_ERROR} })`;
    const warnings =
      "warnings = @($all | Where-Object { $_ -is [Management.Automation.WarningRecord] } | ForEach-Object { $_.Message })";
    const json = `ConvertTo-Json -InputObject @{ ${output}; ${errors}; ${warnings} } -Depth 8 -Compress`;
    this.#child.stdin.write(`${all}; "${MARKER}" + (${ESCAPE} (${json}))\n`);
    return { ...(JSON.parse(await answered, asTime) as Omit<Shown, "window">), window: this.#window.join("\n") };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end("exit\n");
    await this.#ended;
  }
}
