import type { RunRequest } from '../driver.ts';
import type { FakeMachine } from './fake-machine.ts';
import type { Builtin, ShellContext } from './fake-shell.ts';

/** Where a fake machine keeps who was taken out of its group docker, and the port it was told to open. */
const REMOVED = '/rehearsal/removed/';
const PORT = '/rehearsal/port';

const DOCKER_GID = 103;
const FIRST_UID = 1000;

/**
 * What a fake machine has for the host map: a daemon of root's, its socket, and its terminals' users in the group docker.
 * `undefined` for what is no script of the map's.
 */
export function surveyAnswer({ script, env = {} }: RunRequest, { terminals, files }: FakeMachine): string | undefined {
  const places = (env.DRYDOCK_PLACES ?? '').split(' ').filter(Boolean);
  if (places.length > 0)
    return places.map((place) => `${place}\t${script.includes('curl') ? 'plain' : 'open'}\n`).join('');
  if (!script.includes("fact('survey'")) return undefined;
  const users = [...new Set(terminals.map(({ user }) => user))].filter((user) => user !== 'root');
  const members = users.filter((user) => !files.has(REMOVED + user));
  const port = files.get(PORT);
  const facts = [
    ['survey', 1, 100],
    ['daemon', 260, 0, 100, 0],
    ['listens', 260, 1494, 'unix', '/run/docker.sock'],
    ...(port === undefined
      ? []
      : [['listens', 260, 1495, 'tcp', `00000000:${Number(port).toString(16).toUpperCase().padStart(4, '0')}`]]),
    ['file', '/run/docker.sock', 0, DOCKER_GID, '140660', ''],
    ['user', 'root', 0, 0],
    ['group', 'docker', DOCKER_GID, members.join(',')],
    ...users.flatMap((user, index) => [
      ['user', user, FIRST_UID + index, FIRST_UID + index],
      // Logged in before anybody was removed.
      ['login', FIRST_UID + index, FIRST_UID + index, `${DOCKER_GID} ${FIRST_UID + index}`],
    ]),
    ['end', 'whole'],
  ];
  return `${facts.map((fact) => fact.join('\t')).join('\n')}\n`;
}

/** `gpasswd -a|-d USER docker`, also behind sudo; `listen PORT`, `listen` to close it. */
export const SURVEYED: Readonly<Record<string, Builtin>> = {
  gpasswd,
  sudo: (context, [name, ...args]) => (name === 'gpasswd' ? gpasswd(context, args) : 1),
  listen: ({ files }, [port]) => {
    if (port === undefined) files.delete(PORT);
    else files.set(PORT, String(Number(port) || 0));
    return 0;
  },
};

function gpasswd({ files }: ShellContext, [flag, user = '']: readonly string[]): number {
  if (flag === '-d') files.set(REMOVED + user, '');
  else files.delete(REMOVED + user);
  return 0;
}
