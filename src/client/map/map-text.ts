import type { MapHost, MapPerson, MapWay } from '../../../protocol/host-map.ts';
import type { MapStrings } from '../strings/map-strings.ts';

/** The map of one host in sentences: all that the drawing says, for whoever does not see it or would rather read. */
export function mapSentences(host: MapHost, text: MapStrings): string[] {
  const { said } = text;
  const { hostname, daemons, doors, harmless, more } = host;
  const stuck = host.people.filter(({ id }) => !host.ways.some(({ from, by }) => from === id && by !== 'blocked'));
  return [
    ...(daemons.length === 0 ? [said.noDaemon(hostname)] : daemons.map((daemon) => said.daemon(daemon, hostname))),
    ...doors.map((door) => {
      const people = host.ways.flatMap((way) => {
        if (way.to !== door.id) return [];
        const person = personOf(host, way);
        return person ? [said.person(person.name, text.way(way, door))] : [];
      });
      return people.length === 0 ? said.door(door) : said.door(door) + text.joint + said.letIn(people);
    }),
    ...host.ways.flatMap((way) => {
      const person = personOf(host, way);
      const daemon = daemons.find(({ id }) => id === way.to);
      return person && daemon ? [said.past(person, way, text.daemon(daemon).join(' '))] : [];
    }),
    ...(stuck.length === 0 ? [] : [said.noWay(stuck.map(({ name }) => name))]),
    ...(harmless === 0 ? [] : [said.harmless(harmless)]),
    ...(more === 0 ? [] : [said.more(more)]),
  ];
}

function personOf({ people }: MapHost, { from }: MapWay): MapPerson | undefined {
  return people.find(({ id }) => id === from);
}
