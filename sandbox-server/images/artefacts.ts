import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskUseBytes } from '../disk-use.ts';
import { lockFile, tryLockFile } from '../lock-file.ts';

export const ARTEFACT_KINDS = ['images', 'templates', 'checkpoints'] as const;
export type ArtefactKind = (typeof ARTEFACT_KINDS)[number];

export interface MakeOptions {
  readonly kind: ArtefactKind;
  readonly key: string;
  /** Fills an empty folder. Called only when there is no complete artefact of that key. */
  readonly make: (folder: string) => Promise<void>;
}

export interface StoredArtefact {
  readonly key: string;
  readonly folder: string;
  /** On disk: a template's memory file is mostly holes. */
  readonly bytes: number;
  /** When it was made or last used, in ms since 1970. */
  readonly usedAt: number;
  /** False: half made, or being made now. */
  readonly whole: boolean;
}

/**
 * Names every file of a complete artefact with its size and time of change; written last, when all of them are on disk.
 * Its own time says when the artefact was last used.
 */
const SEAL_FILE = 'complete.json';
const PARTIAL = '.partial';

/**
 * What takes long to make, kept by a hash of everything that went in. An artefact is made in a folder of another name
 * and renamed when complete, so an interrupted one is never mistaken for one; a changed or missing file is noticed and
 * the artefact made again; two processes that want the same one wait for each other.
 */
export class Artefacts {
  readonly #cache: string;

  constructor(cacheFolder: string) {
    this.#cache = cacheFolder;
  }

  folderOf(kind: ArtefactKind, key: string): string {
    return join(this.#cache, kind, key);
  }

  /** True when using it needs no work. */
  async has(kind: ArtefactKind, key: string): Promise<boolean> {
    return isIntact(this.folderOf(kind, key));
  }

  async ensure({ kind, key, make }: MakeOptions): Promise<string> {
    const folder = this.folderOf(kind, key);
    if (await isIntact(folder)) {
      await this.noteUse(kind, key);
      return folder;
    }
    await mkdir(join(this.#cache, kind), { recursive: true, mode: 0o755 });
    await using _lock = await lockFile(`${folder}.lock`);
    if (await isIntact(folder)) return folder;
    const partial = `${folder}${PARTIAL}`;
    await rm(folder, { recursive: true, force: true });
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { mode: 0o755 });
    try {
      await make(partial);
      await seal(partial);
      await rename(partial, folder);
      await flush(dirname(folder));
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
    return folder;
  }

  /** Somebody is about to use a complete one. */
  async noteUse(kind: ArtefactKind, key: string): Promise<void> {
    const now = new Date();
    // The cache may be another user's, to be read only.
    await utimes(join(this.folderOf(kind, key), SEAL_FILE), now, now).catch(() => {});
  }

  async list(kind: ArtefactKind): Promise<StoredArtefact[]> {
    const entries = await readdir(join(this.#cache, kind), { withFileTypes: true }).catch(() => []);
    const keys = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    return Promise.all(
      keys.sort().map(async (key) => {
        const folder = this.folderOf(kind, key);
        const used = await stat(join(folder, SEAL_FILE)).catch(() => stat(folder).catch(() => undefined));
        const whole = !key.endsWith(PARTIAL);
        return { key, folder, bytes: await diskUseBytes(folder), usedAt: used?.mtimeMs ?? 0, whole };
      }),
    );
  }

  /** False when it is being made right now. Whoever has its files open keeps them until they are closed. */
  async remove(kind: ArtefactKind, key: string): Promise<boolean> {
    const folder = this.folderOf(kind, key.endsWith(PARTIAL) ? key.slice(0, -PARTIAL.length) : key);
    await using lock = await tryLockFile(`${folder}.lock`);
    if (lock === null) return false;
    // At once and as a whole: one that is half removed must not look complete.
    if (!key.endsWith(PARTIAL)) {
      await rm(`${folder}${PARTIAL}`, { recursive: true, force: true });
      await rename(folder, `${folder}${PARTIAL}`);
    }
    await rm(`${folder}${PARTIAL}`, { recursive: true, force: true });
    return true;
  }
}

type Seal = Record<string, { size: number; changedMs: number }>;

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return files.filter((file) => file !== join(folder, SEAL_FILE)).sort();
}

async function describe(folder: string): Promise<Seal> {
  const seal: Seal = {};
  for (const file of await filesIn(folder)) {
    const { size, mtimeMs } = await stat(file);
    seal[file.slice(folder.length + 1)] = { size, changedMs: mtimeMs };
  }
  return seal;
}

/** A seal must not survive a power cut that the files it speaks for did not. */
async function seal(folder: string): Promise<void> {
  for (const file of await filesIn(folder)) await flush(file);
  await writeFile(join(folder, SEAL_FILE), JSON.stringify(await describe(folder)), { mode: 0o444, flush: true });
  await flush(folder);
}

async function flush(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.sync();
}

async function isIntact(folder: string): Promise<boolean> {
  try {
    const sealed = await readFile(join(folder, SEAL_FILE), 'utf8');
    return sealed === JSON.stringify(await describe(folder));
  } catch {
    return false;
  }
}
