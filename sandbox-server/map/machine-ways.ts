import type { MapPerson, MapWay } from '../../protocol/host-map.ts';
import type { Door, Surveyed } from './draw-map.ts';

/** Other machines of the lab: whoever is there, root or not, gets as far as the network and the door let them. */
export function machineWays(
  { neighbours, knock }: Surveyed,
  doors: readonly Door[],
): { people: MapPerson[]; ways: MapWay[] } {
  const people = neighbours.map(
    ({ machine, hostname }): MapPerson => ({ id: `machine ${machine}`, kind: 'machine', name: hostname }),
  );
  const ways = neighbours.flatMap(({ machine }) =>
    doors.flatMap(({ id, kind, state, isLocal, listener }): MapWay[] => {
      if (kind !== 'port' || isLocal || listener === undefined) return [];
      const answer = knock(machine, listener);
      const from = `machine ${machine}`;
      if (answer === 'shut') return [{ from, to: id, by: 'blocked' }];
      if (answer === undefined || state === 'unknown') return [];
      return [{ from, to: id, by: state === 'certificate' ? 'certificate' : 'network' }];
    }),
  );
  return { people, ways };
}
