import {
  MAP_LIMITS,
  type MapDaemon,
  type MapDoor,
  type MapHost,
  type MapPerson,
  type MapWay,
} from '../../protocol/host-map.ts';
import { containerWays } from './container-ways.ts';
import type { DaemonFact, Facts, FileFact, ListenerFact } from './facts.ts';
import { machineWays } from './machine-ways.ts';
import { userWays } from './user-ways.ts';

export type PortAnswer = 'plain' | 'tls' | 'mutual' | 'other' | 'silent';
export type KnockAnswer = 'open' | 'shut';

/** One machine as far as it is known, and what it and its neighbour have answered. */
export interface Surveyed {
  readonly machine: string;
  readonly hostname: string;
  readonly facts: Facts;
  /** Other machines of the lab, by role, with the names they go by. */
  readonly neighbours: readonly { readonly machine: string; readonly hostname: string }[];
  port(listener: ListenerFact): PortAnswer | undefined;
  knock(from: string, listener: ListenerFact): KnockAnswer | undefined;
}

/** A door, and what only whoever draws needs to know of it. */
export interface Door extends MapDoor {
  readonly file: FileFact | null;
  readonly listener: ListenerFact | undefined;
}

/** A user of systemd's listens for a daemon that is not there yet. */
const SYSTEMD = 1;

export function drawHost(surveyed: Surveyed): MapHost {
  const { facts, machine, hostname } = surveyed;
  const named = nameDaemons(facts);
  const doors = [...drawDoors(surveyed, named), ...forsakenDoors(facts)];
  const isAsleep = doors.some(({ listener, daemon }) => listener?.pid === SYSTEMD && daemon === 'root');
  const running = [...named].map(([{ uid }, { id, user }]): MapDaemon => {
    return { id, user, power: uid === 0 ? 'root' : 'user', state: 'running' };
  });
  const daemons = running.some(({ id }) => id === 'root') || !isAsleep ? running : [...running, ASLEEP];
  const users = userWays(facts, doors);
  const containers = containerWays(facts, doors, (pid) => [...named].find(([daemon]) => daemon.pid === pid)?.[1].id);
  const machines = machineWays(surveyed, doors);
  const people = [...users.people, ...containers.people, ...machines.people];
  const ways = [...users.ways, ...containers.ways, ...machines.ways];
  return bound(
    { machine, hostname, daemons, doors, people, ways, harmless: containers.harmless, more: 0 },
    facts.isCut,
  );
}

const ASLEEP: MapDaemon = { id: 'root', user: 'root', power: 'root', state: 'asleep' };

/** By whom they run; a second one of the same user gets a number. */
function nameDaemons({ daemons, users }: Facts): Map<DaemonFact, { id: string; user: string }> {
  const named = new Map<DaemonFact, { id: string; user: string }>();
  const counts = new Map<string, number>();
  for (const daemon of [...daemons].sort((a, b) => a.startedAt - b.startedAt)) {
    const user = users.find(({ uid }) => uid === daemon.uid)?.name ?? String(daemon.uid);
    const count = (counts.get(user) ?? 0) + 1;
    counts.set(user, count);
    named.set(daemon, { id: count === 1 ? user : `${user} ${count}`, user });
  }
  return named;
}

function drawDoors(surveyed: Surveyed, named: ReturnType<typeof nameDaemons>): Door[] {
  const { facts } = surveyed;
  const doors = new Map<string, Door>();
  for (const listener of facts.listeners) {
    const daemon = [...named.keys()].find(({ pid }) => pid === listener.pid);
    const id = daemon && named.get(daemon)?.id;
    const isReachable = listener.kind === 'unix' || daemon?.isApart === false;
    if (doors.has(listener.place) || !isReachable) continue;
    const door = listener.kind === 'unix' ? drawSocket(facts, listener, id) : drawPort(surveyed, listener, id);
    if (door) doors.set(listener.place, door);
  }
  return [...doors.values()].sort((a, b) => rank(a) - rank(b));
}

function rank({ kind }: MapDoor): number {
  return ['port', 'socket', 'proxy'].indexOf(kind);
}

function drawSocket(facts: Facts, listener: ListenerFact, daemon: string | undefined): Door {
  const { place, pid } = listener;
  const file = facts.files.get(place) ?? null;
  const isProxy = daemon === undefined && pid !== SYSTEMD;
  return {
    ...{ id: place, kind: isProxy ? 'proxy' : 'socket', state: file ? stateOf(file) : 'closed' },
    // What stands in front of a daemon is not seen to lead anywhere; where there is one daemon, it leads there.
    daemon: daemon ?? (isProxy && facts.daemons.every(({ uid }) => uid !== 0) ? null : 'root'),
    ...nameOwners(facts, file),
    ...{ isEncrypted: false, isLocal: true, program: isProxy ? (facts.holders.get(pid) ?? null) : null },
    ...{ file, listener },
  };
}

function stateOf({ mode, folders }: FileFact): MapDoor['state'] {
  if ((mode & 0o002) !== 0 && folders.length === 0) return 'open';
  return (mode & 0o020) !== 0 && folders.length === 0 ? 'group' : 'owner';
}

function nameOwners({ users, groups }: Facts, file: FileFact | null): Pick<MapDoor, 'owner' | 'group' | 'mode'> {
  if (file === null) return { owner: null, group: null, mode: null };
  const owner = users.find(({ uid }) => uid === file.uid)?.name ?? String(file.uid);
  const group = groups.find(({ gid }) => gid === file.gid)?.name ?? String(file.gid);
  return { owner, group, mode: file.mode.toString(8).padStart(3, '0') };
}

const PORT_STATES = { plain: 'open', tls: 'open', mutual: 'certificate', silent: 'unknown' } as const;

function drawPort(surveyed: Surveyed, listener: ListenerFact, daemon: string | undefined): Door | undefined {
  const answer = surveyed.port(listener) ?? 'silent';
  if (answer === 'other' || daemon === undefined) return undefined;
  return {
    ...{ id: listener.place, kind: 'port', daemon, state: PORT_STATES[answer] },
    ...{ owner: null, group: null, mode: null, program: null },
    ...{ isEncrypted: answer === 'tls' || answer === 'mutual', isLocal: isLocal(listener.place) },
    ...{ file: null, listener },
  };
}

export function isLocal(place: string): boolean {
  return place.startsWith('127.') || place.startsWith('[::1]');
}

/** Files that look like a door, with nobody behind them. */
function forsakenDoors(facts: Facts): Door[] {
  return [...facts.files].flatMap(([place, file]): Door[] => {
    if (file === null || facts.listeners.some((listener) => listener.place === place)) return [];
    const nobody = { isEncrypted: false, isLocal: true, program: null, listener: undefined };
    return [{ id: place, kind: 'socket', daemon: null, state: 'closed', ...nameOwners(facts, file), ...nobody, file }];
  });
}

interface Drafted extends Omit<MapHost, 'doors'> {
  readonly doors: readonly Door[];
}

/** Whatever a machine says, a map is small: what is beyond the limits is counted. */
function bound(drafted: Drafted, isCut: boolean): MapHost {
  const { daemons, people } = drafted;
  const doors = drafted.doors.map(({ file, listener, ...door }): MapDoor => door);
  const kept = {
    daemons: daemons.slice(0, MAP_LIMITS.daemons).map(clipped),
    doors: doors.slice(0, MAP_LIMITS.doors).map(clipped),
    people: people.slice(0, MAP_LIMITS.people).map(clipped),
  };
  const left = daemons.length + doors.length + people.length;
  const more = left - kept.daemons.length - kept.doors.length - kept.people.length;
  const ways = drafted.ways.map(clipped).filter((way) => isDrawn(way, kept));
  return { ...drafted, ...kept, ways: ways.slice(0, MAP_LIMITS.ways), more: more + (isCut ? 1 : 0) };
}

function isDrawn({ from, to }: MapWay, { people, doors, daemons }: Pick<MapHost, 'people' | 'doors' | 'daemons'>) {
  return people.some(({ id }) => id === from) && [...doors, ...daemons].some(({ id }) => id === to);
}

function clipped<Drawn extends MapDaemon | MapDoor | MapPerson | MapWay>(drawn: Drawn): Drawn {
  const entries = Object.entries(drawn).map(([key, value]) => [key, typeof value === 'string' ? clip(value) : value]);
  return Object.fromEntries(entries) as Drawn;
}

/** Marks that turn or hide what follows them would let a name pass for another. */
function clip(said: string): string {
  const text = said.replace(/[\p{Cc}\p{Cf}]/gu, '?');
  return text.length <= MAP_LIMITS.characters ? text : `${text.slice(0, MAP_LIMITS.characters - 1)}…`;
}
