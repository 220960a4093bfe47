import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Stop } from '../preflight/stop.mjs';
import { usage } from './arguments.ts';
import { LABS_FOLDER } from './find-lab.ts';

const SKELETON = join(import.meta.dirname, 'skeleton');
const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Folders of labs/ that are not labs. */
const TAKEN = ['format', 'kit', 'images'];

/** `npm run lab -- new <id>`: a small lab that is right, to be changed from there. */
export function makeLab(args: readonly string[], { labsFolder = LABS_FOLDER, say = console.log } = {}): number {
  const [id, ...more] = args;
  if (id === undefined || more.length > 0) throw usage('new needs the name of the lab to be.');
  if (!ID.test(id) || TAKEN.includes(id)) {
    throw new Stop({
      what: `"${id}" cannot be the name of a lab.`,
      fix: `Use a-z, digits and single hyphens, starting with a letter, and none of ${TAKEN.join(', ')}.`,
    });
  }
  const folder = join(labsFolder, id);
  if (existsSync(folder)) throw new Stop({ what: `labs/${id} exists already.`, fix: 'Choose another name.' });
  cpSync(SKELETON, folder, { recursive: true });
  say(
    [
      `Wrote labs/${id}. It is complete: one step to explore, one attack, one defence.`,
      `  npm run lab -- check ${id}   looks at its files`,
      `  npm run lab -- test ${id}    proves it on real machines`,
      `  npm run lab -- play ${id}    lets you try it`,
      'docs/authoring.md explains each part.',
    ].join('\n'),
  );
  return 0;
}
