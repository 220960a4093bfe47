import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFile } from '../lock-file.ts';

export type ArtefactKind = 'images' | 'templates';

export interface MakeOptions {
  readonly kind: ArtefactKind;
  readonly key: string;
  /** Fills an empty folder. Called only when there is no complete artefact of that key. */
  readonly make: (folder: string) => Promise<void>;
}

/** Names every file of a complete artefact with its size and time of change; written last. */
const SEAL_FILE = 'complete.json';

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
    if (await isIntact(folder)) return folder;
    await mkdir(join(this.#cache, kind), { recursive: true, mode: 0o755 });
    await using _lock = await lockFile(`${folder}.lock`);
    if (await isIntact(folder)) return folder;
    const partial = `${folder}.partial`;
    await rm(folder, { recursive: true, force: true });
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { mode: 0o755 });
    try {
      await make(partial);
      await seal(partial);
      await rename(partial, folder);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
    return folder;
  }
}

type Seal = Record<string, { size: number; changedMs: number }>;

async function describe(folder: string): Promise<Seal> {
  const seal: Seal = {};
  for (const name of (await readdir(folder)).sort()) {
    if (name === SEAL_FILE) continue;
    const { size, mtimeMs } = await stat(join(folder, name));
    seal[name] = { size, changedMs: mtimeMs };
  }
  return seal;
}

async function seal(folder: string): Promise<void> {
  await writeFile(join(folder, SEAL_FILE), JSON.stringify(await describe(folder)), { mode: 0o444 });
}

async function isIntact(folder: string): Promise<boolean> {
  try {
    const sealed = await readFile(join(folder, SEAL_FILE), 'utf8');
    return sealed === JSON.stringify(await describe(folder));
  } catch {
    return false;
  }
}
