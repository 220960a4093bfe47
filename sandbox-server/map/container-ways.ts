import type { MapPerson, MapWay } from '../../protocol/host-map.ts';
import type { Door } from './draw-map.ts';
import type { ContainerFact, Facts } from './facts.ts';

/** With one of these mounted to write, a container is as good as its daemon; or with a folder in one of the last two. */
const WHOLE_HOST = ['/', '/boot', '/dev', '/proc', '/sys', '/usr', '/var', '/var/lib', '/var/lib/docker'];
const TELLING = ['/etc', '/root'];

export interface ContainerWays {
  readonly people: readonly MapPerson[];
  readonly ways: readonly MapWay[];
  readonly harmless: number;
}

/** Running containers from which there is a way; the others are only counted. */
export function containerWays(
  { containers }: Facts,
  doors: readonly Door[],
  daemonOf: (pid: number) => string | undefined,
): ContainerWays {
  const found = containers.map((container) => {
    const from = `container ${container.id}`;
    return { from, container, ways: waysOf(container, from, doors, daemonOf(container.daemon)) };
  });
  const telling = found.filter(({ ways }) => ways.length > 0);
  return {
    people: telling.map(({ from, container }) => ({ id: from, kind: 'container', name: container.name })),
    ways: telling.flatMap(({ ways }) => ways),
    harmless: found.length - telling.length,
  };
}

function waysOf(
  { mounts, isPrivileged }: ContainerFact,
  from: string,
  doors: readonly Door[],
  daemon: string | undefined,
): MapWay[] {
  const sources = mounts.map(({ source, isWritable }) => ({
    source: source.replace(/^\/var\/run(?=\/|$)/, '/run'),
    isWritable,
  }));
  const throughDoors = doors
    .filter(
      ({ id, kind, state }) => kind !== 'port' && state !== 'closed' && sources.some(({ source }) => holds(source, id)),
    )
    .map((door): MapWay => ({ from, to: door.id, by: 'mount' }));
  if (daemon === undefined) return throughDoors;
  const ofHost = sources.filter(({ source }) => isOfHost(source));
  const by = isPrivileged ? 'privileged' : ofHost.some(({ isWritable }) => isWritable) ? 'files' : 'files-read';
  return isPrivileged || ofHost.length > 0 ? [...throughDoors, { from, to: daemon, by }] : throughDoors;
}

/** A folder that holds a socket hands it over as well; that the whole host does is told by itself. */
function holds(source: string, socket: string): boolean {
  return source === socket || (source !== '/' && socket.startsWith(`${source}/`));
}

function isOfHost(source: string): boolean {
  return WHOLE_HOST.includes(source) || TELLING.some((folder) => source === folder || source.startsWith(`${folder}/`));
}
