import type { HostMap, MapDaemon, MapDoor, MapHost, MapPerson, MapWay } from '../../../protocol/host-map.ts';
import { worstWay } from './tones.ts';

/** What is not as it was, for whoever puts it into words. */
export type MapChange =
  | { readonly kind: 'door-gone' | 'door-came' | 'door-changed'; readonly door: MapDoor }
  | { readonly kind: 'daemon-gone' | 'daemon-came' | 'daemon-asleep'; readonly daemon: MapDaemon }
  | { readonly kind: 'way-gone'; readonly person: MapPerson; readonly way: MapWay; readonly door: MapDoor | null }
  | { readonly kind: 'way-came'; readonly person: MapPerson; readonly way: MapWay; readonly door: MapDoor | null };

export interface MapDifference {
  /** The most telling first. */
  readonly changes: readonly MapChange[];
  /** Ids of what is to be looked at, as `machine id`. */
  readonly touched: ReadonlySet<string>;
}

const NOTHING: MapDifference = { changes: [], touched: new Set() };

/** Between what a page showed of a sandbox and what it is to show now. */
export function compareMaps(before: HostMap | null, after: HostMap | null): MapDifference {
  if (before?.kind !== 'drawn' || after?.kind !== 'drawn') return NOTHING;
  const differences = after.hosts.map((host) => {
    const old = before.hosts.find(({ machine }) => machine === host.machine);
    return old === undefined ? NOTHING : compareHosts(old, host);
  });
  return {
    changes: differences.flatMap(({ changes }) => changes),
    touched: new Set(differences.flatMap(({ touched }) => [...touched])),
  };
}

function compareHosts(before: MapHost, after: MapHost): MapDifference {
  const doors = compareDoors(before, after);
  const daemons = compareDaemons(before, after);
  // Whom a door lets in that is new, gone or another one goes without saying.
  const told = new Set(doors.map(({ door }) => door.id));
  const ways = compareWays(before, after).filter(({ way }) => !told.has(way.to));
  const ids = [
    ...doors.map(({ door }) => door.id),
    ...daemons.map(({ daemon }) => daemon.id),
    ...ways.flatMap(({ person, way }) => [person.id, way.to]),
  ];
  return { changes: [...doors, ...ways, ...daemons], touched: new Set(ids.map((id) => `${after.machine} ${id}`)) };
}

type DoorChange = Extract<MapChange, { door: MapDoor; kind: `door-${string}` }>;

function compareDoors(before: MapHost, after: MapHost): DoorChange[] {
  const gone = missing(before.doors, after.doors).map((door): DoorChange => ({ kind: 'door-gone', door }));
  // What has not answered yet is worth a word once it has.
  const isKnown = ({ state }: MapDoor) => state !== 'unknown';
  const known = before.doors.filter(isKnown);
  const came = missing(after.doors.filter(isKnown), known).map((door): DoorChange => ({ kind: 'door-came', door }));
  const changed = after.doors.flatMap((door): DoorChange[] => {
    const old = known.find(({ id }) => id === door.id);
    if (old === undefined || shown(old) === shown(door)) return [];
    return [{ kind: 'door-changed', door }];
  });
  return [...came, ...gone, ...changed];
}

function shown({ state, owner, group, mode, isEncrypted }: MapDoor): string {
  return [state, owner, group, mode, isEncrypted].join(' ');
}

type DaemonChange = Extract<MapChange, { daemon: MapDaemon }>;

function compareDaemons(before: MapHost, after: MapHost): DaemonChange[] {
  const gone = missing(before.daemons, after.daemons).map((daemon): DaemonChange => ({ kind: 'daemon-gone', daemon }));
  const now = after.daemons.flatMap((daemon): DaemonChange[] => {
    const old = before.daemons.find(({ id }) => id === daemon.id);
    if (old?.state === daemon.state) return [];
    return [{ kind: daemon.state === 'asleep' ? 'daemon-asleep' : 'daemon-came', daemon }];
  });
  return [...gone, ...now];
}

type WayChange = Extract<MapChange, { way: MapWay }>;

/** By person: somebody who has another way than before has not lost one. */
function compareWays(before: MapHost, after: MapHost): WayChange[] {
  const people = [...after.people, ...missing(before.people, after.people)];
  return people.flatMap((person): WayChange[] => {
    const [old, now] = [waysOf(before, person), waysOf(after, person)];
    const came = worstWay(now.filter((way) => !old.some((one) => isSame(one, way))));
    if (came) return [{ kind: 'way-came', person, way: came, door: doorOf(after, came) }];
    const gone = worstWay(old.filter((way) => !now.some((one) => isSame(one, way))));
    return gone ? [{ kind: 'way-gone', person, way: gone, door: doorOf(before, gone) }] : [];
  });
}

function waysOf({ ways }: MapHost, { id }: MapPerson): MapWay[] {
  return ways.filter(({ from }) => from === id);
}

function doorOf({ doors }: MapHost, { to }: MapWay): MapDoor | null {
  return doors.find(({ id }) => id === to) ?? null;
}

function isSame(a: MapWay, b: MapWay): boolean {
  return a.to === b.to && a.by === b.by;
}

function missing<One extends { readonly id: string }>(from: readonly One[], there: readonly One[]): One[] {
  return from.filter(({ id }) => !there.some((one) => one.id === id));
}
