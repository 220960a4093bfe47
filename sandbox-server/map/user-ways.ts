import type { MapPerson, MapWay } from '../../protocol/host-map.ts';
import { admission } from './access.ts';
import type { Door } from './draw-map.ts';
import type { Credentials, Facts } from './facts.ts';
import { type SudoPower, sudoPower } from './sudoers.ts';

interface User extends Credentials {
  readonly name: string;
  readonly power: SudoPower;
  readonly logins: readonly Credentials[];
}

/** People have these; what is below runs services. */
const FIRST_PERSON = 1000;

/** Root is not among them: nothing is closed to root. */
export function userWays(facts: Facts, doors: readonly Door[]): { people: MapPerson[]; ways: MapWay[] } {
  const users = findUsers(facts, doors);
  const people = users.map(({ name }): MapPerson => ({ id: `user ${name}`, kind: 'user', name }));
  const ways = users.flatMap((user) =>
    doors.flatMap((door): MapWay[] => {
      const by = wayThrough(user, door);
      return by === undefined ? [] : [{ from: `user ${user.name}`, to: door.id, by }];
    }),
  );
  return { people, ways };
}

/** People, and accounts of services that a socket's group has been opened to. */
function findUsers({ users, groups, logins, sudo }: Facts, doors: readonly Door[]): User[] {
  const opened = groups.filter(({ gid }) => doors.some(({ file }) => file?.gid === gid));
  return users
    .filter(({ name, uid }) => uid >= FIRST_PERSON || (uid > 0 && opened.some(({ members }) => members.includes(name))))
    .map(({ name, uid, gid }) => {
      const own = groups.filter((group) => group.gid === gid || group.members.includes(name));
      const power = sudoPower({ name, uid, groups: own.map((group) => group.name) }, sudo);
      const gids = [...new Set([gid, ...own.map((group) => group.gid)])];
      return { name, uid, gids, power, logins: logins.filter((login) => login.uid === uid) };
    });
}

function wayThrough(user: User, door: Door): MapWay['by'] | undefined {
  if (door.kind === 'port') return door.state === 'open' ? 'everybody' : undefined;
  const { file } = door;
  if (file === null || door.state === 'closed') return undefined;
  const today = admission(user, file);
  const isInNow = user.logins.some((login) => admission(login, file) !== undefined);
  if (today !== undefined && (isInNow || user.logins.length === 0)) return today;
  if (today === undefined && isInNow) return 'old-login';
  if (user.power === 'all') return 'sudo';
  if (today !== undefined) return 'next-login';
  return user.power === 'docker' && door.daemon === 'root' ? 'sudo-docker' : undefined;
}
