import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";

export const hasTmux = spawnSync("tmux", ["-V"]).status === 0;

/** A window of a real terminal, in which a program runs. */
export class TmuxWindow implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "background-copy-tmux-"));

  /** @param command - A line for the shell, which says `exit N` when it has ended. */
  constructor({ columns, rows }: { readonly columns: number; readonly rows: number }, command: string) {
    const shell = `${command}; echo "exit $?"; exec sleep 1000`;
    this.#tmux("new-session", "-d", "-x", String(columns), "-y", String(rows), shell);
  }

  /** The visible lines. */
  screen({ withCodes = false } = {}): string[] {
    return this.#tmux("capture-pane", "-p", ...(withCodes ? ["-e"] : []))
      .trimEnd()
      .split("\n");
  }

  /** Waits until the text is visible. */
  async shows(text: string | RegExp): Promise<string[]> {
    return vi.waitFor(
      () => {
        const screen = this.screen();
        if (!screen.some((line) => line.match(text))) {
          throw new Error(`${text} is not to be seen:\n${screen.join("\n")}`);
        }
        return screen;
      },
      { timeout: 600_000, interval: 100 },
    );
  }

  /** Presses keys: `C-c` is Ctrl+C. */
  press(...keys: readonly string[]): void {
    this.#tmux("send-keys", ...keys);
  }

  resize(columns: number, rows: number): void {
    this.#tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  get isCursorVisible(): boolean {
    return this.#tmux("display-message", "-p", "#{cursor_flag}").trim() === "1";
  }

  [Symbol.dispose](): void {
    this.#tmux("kill-server");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #tmux(...args: readonly string[]): string {
    const env = {
      ...process.env,
      LC_ALL: "C.UTF-8",
      TERM: "xterm-256color",
      NO_COLOR: undefined,
      FORCE_COLOR: undefined,
    };
    return execFileSync("tmux", ["-S", join(this.#folder, "socket"), "-f", "/dev/null", ...args], {
      encoding: "utf8",
      env,
    });
  }
}
