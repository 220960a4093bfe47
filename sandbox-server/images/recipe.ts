import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

const recipeSchema = z.strictObject({
  suite: z.string().regex(/^[a-z]+$/),
  /** The lessons are true for these versions: a build that finds another start of the version fails. */
  pins: z.record(z.string(), z.string()),
  packages: z.array(z.string().regex(/^[a-z0-9][a-z0-9.+-]+$/)),
});

/** How a kind of machine is built: labs/images/<image>/. */
export interface Recipe extends z.infer<typeof recipeSchema> {
  readonly image: string;
  readonly folder: string;
  /** Hash of the recipe's files, the agent's, and the version of the builder. */
  readonly key: string;
}

/** Raise it when build-image.ts makes something else of the same recipe. */
const BUILDER_VERSION = 2;

export async function readRecipe(imagesFolder: string, image: string, agentFolder: string): Promise<Recipe> {
  const folder = join(imagesFolder, image);
  const recipe = recipeSchema.parse(parse(await readFile(join(folder, 'image.yaml'), 'utf8')));
  const hash = createHash('sha256').update(`builder ${BUILDER_VERSION}\n`);
  await hashFolder(hash, folder);
  await hashFolder(hash, agentFolder);
  return { ...recipe, image, folder, key: `${image}-${hash.digest('hex').slice(0, 16)}` };
}

async function hashFolder(hash: ReturnType<typeof createHash>, folder: string): Promise<void> {
  for (const entry of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, entry);
    const info = await stat(path);
    if (entry.includes('__pycache__') || info.isDirectory()) continue;
    hash.update(`${entry} ${(info.mode & 0o111).toString(8)}\n`).update(await readFile(path));
  }
}
