import { closest } from './closest.ts';
import type { Lab } from './lab.ts';
import type { LabFolder } from './lab-folder.ts';

/** What a lab cannot be without, and what of its machines the files of the lab can tell. False where there is no lab. */
export function verifyWhole(lab: Lab, folder: LabFolder): boolean {
  const { machines, steps } = lab;
  if (machines.length === 0)
    folder.wrong(['machines'], 'A lab needs a machine.', 'machines:\n  host:\n    hostname: dock');
  else if (machines.every(({ terminals }) => terminals.length === 0)) {
    folder.wrong(['machines'], 'Nobody could type anything: no machine has a terminal.', 'terminals:\n  alice: alice');
  }
  if (steps.length === 0) folder.wrong(['steps'], 'A lab needs a step.');
  for (const { id, checks, verdict } of steps) {
    if (checks.length > 0 || verdict !== null) continue;
    folder.wrong(
      ['steps', id, 'checks'],
      `Step ${id} asks for nothing, so it would be done before anybody began. Give it a check.`,
    );
  }
  verifyMap(lab, folder);
  verifyUsers(lab, folder);
  for (const { role, secrets } of machines) {
    for (const { id, content } of secrets) verifyContent(content, ['machines', role, 'secrets', id, 'content'], folder);
  }
  return machines.length > 0 && steps.length > 0;
}

function verifyMap({ mapAfter, steps }: Lab, folder: LabFolder): void {
  if (mapAfter === undefined || steps.some(({ id }) => id === mapAfter)) return;
  const ids = steps.map(({ id }) => id);
  const instead = `after: ${closest(mapAfter, ids) ?? ids[0]}`;
  folder.wrong(['map', 'after'], `There is no step "${mapAfter}": the map would never be drawn.`, instead);
}

/** Users are made by setup.sh, or are in the image. One that neither mentions does not exist. */
function verifyUsers({ image, machines }: Lab, folder: LabFolder): void {
  const recipe = folder.imageFiles(image);
  if (recipe === undefined) return;
  for (const { role, setup, terminals, secrets } of machines) {
    const words = new Set(`${recipe} ${setup} root`.split(/[^a-z0-9_-]+/));
    const named = [
      ...terminals.map(({ id, user }) => ({ user, path: ['machines', role, 'terminals', id], as: `${id}: ` })),
      ...secrets.map(({ id, owner }) => ({
        user: owner,
        path: ['machines', role, 'secrets', id, 'owner'],
        as: 'owner: ',
      })),
    ];
    for (const { user, path, as } of named.filter((one) => !words.has(one.user))) {
      const meant = closest(user, usersMade(setup));
      const message = `There is no user "${user}" on ${role}: neither its setup.sh nor the image speaks of one.`;
      folder.wrong(
        path,
        message,
        meant ? `${as}${meant}` : `useradd --create-home --shell /bin/bash ${user}   (in setup.sh)`,
      );
    }
  }
}

function usersMade(setup: string): string[] {
  const made = [...setup.matchAll(/\b(?:useradd|adduser)\b.*?([a-z_][a-z0-9_-]*)\s*$/gm)].map(([, user = '']) => user);
  const looped = [...setup.matchAll(/\bfor user in ([a-z0-9_ -]+)/g)].flatMap(([, users = '']) =>
    users.trim().split(' '),
  );
  return [...made, ...looped];
}

function verifyContent(content: string, path: readonly string[], folder: LabFolder): void {
  for (const [placeholder] of content.matchAll(/\{[a-z]+\}/g)) {
    if (placeholder === '{random}') continue;
    const instead = `content: ${JSON.stringify(content.replace(placeholder, '{random}'))}`;
    folder.wrong(
      path,
      `${placeholder} stands for nothing in a secret; {random} becomes 16 hexadecimal characters.`,
      instead,
    );
  }
}
