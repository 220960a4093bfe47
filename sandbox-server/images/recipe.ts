import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImageRecipe, loadImage } from '../../labs/format/image.ts';

/** How a kind of machine is built: labs/images/<image>/, and the folders of what it is from. */
export interface Recipe extends ImageRecipe {
  /** Hash of the recipe's files, the agent's, and the version of the builder. */
  readonly key: string;
}

/** Raise it when build-image.ts makes something else of the same recipe. */
const BUILDER_VERSION = 2;

export async function readRecipe(imagesFolder: string, image: string, agentFolder: string): Promise<Recipe> {
  const recipe = loadImage(imagesFolder, image);
  const hash = createHash('sha256').update(`builder ${BUILDER_VERSION}\n`);
  for (const folder of [...recipe.folders, agentFolder]) await hashFolder(hash, folder);
  return { ...recipe, key: `${image}-${hash.digest('hex').slice(0, 16)}` };
}

/** Scripts of this name, of the recipe's folders that have one, in their order. */
export async function scriptsOf({ folders }: Recipe, name: 'customize.sh' | 'prepare.sh'): Promise<string[]> {
  const paths = folders.map((folder) => join(folder, name));
  const found = await Promise.all(paths.map(exists));
  return paths.filter((_path, index) => found[index]);
}

/** What lies in the `files/` of the recipe's folders: one list of paths per folder, to be copied to the root. */
export async function filesOf({ folders }: Recipe): Promise<string[][]> {
  const lists = folders.map(async (folder) => {
    const files = join(folder, 'files');
    return (await exists(files)) ? (await readdir(files)).sort().map((name) => join(files, name)) : [];
  });
  return (await Promise.all(lists)).filter((list) => list.length > 0);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function hashFolder(hash: ReturnType<typeof createHash>, folder: string): Promise<void> {
  for (const entry of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, entry);
    const info = await stat(path);
    if (entry.includes('__pycache__') || info.isDirectory()) continue;
    hash.update(`${entry} ${(info.mode & 0o111).toString(8)}\n`).update(await readFile(path));
  }
}
