import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { closest } from './closest.ts';
import { parseWithFriendlyErrors } from './parse.ts';
import { LabFormatError } from './problem.ts';
import { idSchema } from './text-schema.ts';

const packageSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.+-]+$/)
  .meta({ examples: ['nmap'] });

/** labs/images/<image>/image.yaml. image.schema.json is made from this, for editors. */
export const imageFileSchema = z.strictObject({
  from: idSchema('debian-docker')
    .optional()
    .meta({ description: 'Another folder of labs/images: all that is in that image, and what is said here.' }),
  suite: z
    .string()
    .regex(/^[a-z]+$/)
    .optional()
    .meta({ description: 'Of Debian. Said by the image that is from no other.', examples: ['trixie'] }),
  pins: z
    .record(packageSchema, z.string())
    .default({})
    .meta({ description: 'package: the start of its version. A build that finds another one fails.' }),
  packages: z.array(packageSchema).default([]).meta({ description: 'Of Debian, with what they depend on.' }),
});

/** An image with all that it is from: folders of recipes, the one that is from no other first. */
export interface ImageRecipe {
  readonly image: string;
  readonly folders: readonly string[];
  readonly suite: string;
  readonly pins: Readonly<Record<string, string>>;
  readonly packages: readonly string[];
}

/** The images of a labs folder. */
export function imageIds(labsFolder: string): string[] {
  const folder = join(labsFolder, 'images');
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Throws LabFormatError with what is wrong in image.yaml, of this image or of one that it is from. */
export function loadImage(imagesFolder: string, image: string): ImageRecipe {
  return assemble(imagesFolder, image, []);
}

function assemble(imagesFolder: string, image: string, above: readonly string[]): ImageRecipe {
  const folder = join(imagesFolder, image);
  const file = `labs/images/${image}/image.yaml`;
  const path = join(folder, 'image.yaml');
  if (!existsSync(path)) {
    const message = 'This file does not exist. It says what is in the image: `from: debian-docker`, and `packages`.';
    throw new LabFormatError([{ file, line: 1, column: 1, text: null, message, instead: null }]);
  }
  const { value, source } = parseWithFriendlyErrors(imageFileSchema, { file, text: readFileSync(path, 'utf8') });
  const { from, suite, pins, packages } = value;
  const wrong = (field: string, message: string, instead: string | null) =>
    new LabFormatError([source.problem([field], { message, instead })]);
  if (from === undefined) {
    if (suite === undefined)
      throw wrong('suite', 'An image needs "from", or a "suite" of Debian.', 'from: debian-docker');
    return { image, folders: [folder], suite, pins, packages };
  }
  if (suite !== undefined) throw wrong('suite', `The suite is that of ${from}. Leave this line out.`, null);
  if (from === image || above.includes(from))
    throw wrong('from', `${image} would be from itself.`, 'from: debian-docker');
  if (!existsSync(join(imagesFolder, from, 'image.yaml'))) {
    const others = readdirSync(imagesFolder).filter((other) => other !== image);
    throw wrong('from', `There is no image labs/images/${from}.`, `from: ${closest(from, others) ?? others[0] ?? '…'}`);
  }
  const base = assemble(imagesFolder, from, [...above, image]);
  return {
    image,
    folders: [...base.folders, folder],
    suite: base.suite,
    pins: { ...base.pins, ...pins },
    packages: [...new Set([...base.packages, ...packages])],
  };
}
