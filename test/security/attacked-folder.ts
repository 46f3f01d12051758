import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TEMPORARY = /^BIT[0-9a-f]+\.tmp$/;
const SECRET = "somebody else's";

/** A folder that everyone can write to, and next to it the folder of another user, which nobody else may change. */
export class AttackedFolder {
  readonly #base = realpathSync(mkdtempSync(join(tmpdir(), "background-copy-attacked-")));
  readonly folder = join(this.#base, "downloads");
  readonly target = join(this.folder, "target.bin");
  readonly #victim = join(this.#base, "victim");
  readonly #victimFile = join(this.#victim, "target.bin");
  readonly #folderInode: bigint;
  readonly #before: string;

  constructor() {
    mkdirSync(this.folder);
    mkdirSync(this.#victim);
    writeFileSync(this.#victimFile, SECRET, { mode: 0o600 });
    this.#folderInode = inode(this.folder);
    this.#before = this.#victimState();
  }

  /** The changes in the folder of the other user. There must be none. */
  get damage(): string {
    const now = this.#victimState();
    return now === this.#before ? "" : `${this.#before} became ${now}`;
  }

  /** The folder, at its current path. */
  get #own(): string | undefined {
    return readdirSync(this.#base)
      .map((name) => join(this.#base, name))
      .find((path) => lstatSync(path).isDirectory() && inode(path) === this.#folderInode);
  }

  /** The files with the local name, in any folder except that of the other user. */
  get kept(): string[] {
    const folders = readdirSync(this.#base)
      .map((name) => join(this.#base, name))
      .filter((path) => path !== this.#victim && lstatSync(path).isDirectory());
    const targets = folders.map((folder) => join(folder, "target.bin"));
    return targets.filter((path) => isAnything(path) && lstatSync(path).isFile()).map(read);
  }

  remove(): void {
    rmSync(this.#base, { recursive: true, force: true });
  }

  /** The attacks that are possible for everyone who can write to the folder. */
  readonly attacks: Readonly<Record<string, () => void>> = {
    "a symbolic link has the file's place": () => this.#replace((path) => symlinkSync(this.#victimFile, path, "file")),
    "a hard link has the file's place": () => this.#replace((path) => linkSync(this.#victimFile, path)),
    "another file has the file's place": () =>
      this.#withTemporary((path) => {
        // Created while the first one exists, so that its file number differs.
        const another = this.#fresh("another");
        writeFileSync(another, "another");
        rmSync(path, { recursive: true });
        renameSync(another, path);
      }),
    "a folder has the file's place": () => this.#replace((path) => mkdirSync(path)),
    "a link to a folder has the file's place": () =>
      this.#replace((path) => symlinkSync(this.#victim, path, "junction")),
    "the file has a second name": () => this.#withTemporary((path) => linkSync(path, this.#fresh("second"))),
    "the file is deleted": () => this.#withTemporary((path) => rmSync(path, { recursive: true })),
    "the file has another name": () => this.#withTemporary((path) => renameSync(path, this.#fresh("renamed"))),
    "a link has the folder's place": () => this.#swap(() => symlinkSync(this.#victim, this.folder, "junction")),
    "another folder has the folder's place": () => this.#swap(() => mkdirSync(this.folder)),
    "the folder is gone": () => this.#swap(() => {}),
    "the folder is back": () => this.#swap(() => this.#own && renameSync(this.#own, this.folder)),
    "a symbolic link has the local name": () => this.#atTarget((path) => symlinkSync(this.#victimFile, path, "file")),
    "a hard link has the local name": () => this.#atTarget((path) => linkSync(this.#victimFile, path)),
    "a file has the local name": () => this.#atTarget((path) => writeFileSync(path, "as it was")),
  };

  /** The folder that attacks find at its path. Never the folder of the other user, which they can't write to. */
  get #present(): string | undefined {
    return isAnything(this.folder) && lstatSync(this.folder).isDirectory() ? this.folder : this.#own;
  }

  #withTemporary(act: (path: string) => void): void {
    const present = this.#present;
    const name = present && readdirSync(present).find((one) => TEMPORARY.test(one));
    if (name) {
      act(join(present, name));
    }
  }

  #replace(put: (path: string) => void): void {
    this.#withTemporary((path) => {
      rmSync(path, { recursive: true });
      put(path);
    });
  }

  #swap(put: () => void): void {
    if (isAnything(this.folder)) {
      if (lstatSync(this.folder).isDirectory()) {
        renameSync(this.folder, this.#fresh("moved"));
      } else {
        rmSync(this.folder);
      }
    }
    put();
  }

  #atTarget(put: (path: string) => void): void {
    const path = this.#present && join(this.#present, "target.bin");
    if (path) {
      rmSync(path, { recursive: true, force: true });
      put(path);
    }
  }

  #fresh(name: string): string {
    return join(this.#base, `${name}-${readdirSync(this.#base).length}`);
  }

  #victimState(): string {
    const names = readdirSync(this.#victim).filter((name) => !TEMPORARY.test(name) || read(join(this.#victim, name)));
    const { mode, nlink, size } = statSync(this.#victimFile);
    // The number of links counts too, but not the content.
    return JSON.stringify([names, mode, existsSync(this.#victimFile), nlink > 0, size, read(this.#victimFile)]);
  }
}

function inode(path: string): bigint {
  return statSync(path, { bigint: true }).ino;
}

function isAnything(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function read(path: string): string {
  return readFileSync(path, "utf8");
}
