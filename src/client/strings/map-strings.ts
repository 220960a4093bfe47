import type { MapDaemon, MapDoor, MapPerson, MapWay } from '../../../protocol/host-map.ts';
import type { MapChange } from '../map/compare-maps.ts';

/** Every word of the host map. Names between backquotes are shown as code. */
export interface MapStrings {
  readonly title: string;
  /** Between sentences. */
  readonly joint: string;
  readonly asText: string;
  readonly looking: string;
  /** Before anything has changed. */
  readonly quiet: string;
  withheld(step: number): string;
  readonly columns: readonly [who: string, door: string, daemon: string, reach: string];
  readonly nobody: string;
  readonly noDaemon: string;

  /** Short, inside the drawing. */
  way(way: MapWay, door: MapDoor | null): string;
  readonly noWay: string;
  door(door: MapDoor): string;
  daemon(daemon: MapDaemon): readonly [name: string, note: string];
  reach(daemon: MapDaemon, hostname: string): readonly [what: string, note: string];

  /** Sentences, instead of the drawing. */
  readonly said: {
    daemon(daemon: MapDaemon, hostname: string): string;
    noDaemon(hostname: string): string;
    door(door: MapDoor): string;
    /** People with the words of their way. */
    letIn(people: readonly string[]): string;
    person(name: string, way: string): string;
    past(person: MapPerson, way: MapWay, daemon: string): string;
    noWay(names: readonly string[]): string;
    harmless(count: number): string;
    more(count: number): string;
  };
  change(change: MapChange): string;
}

/** `*:2375` is port 2375 to whoever speaks of it. */
export function portOf({ id }: Pick<MapDoor, 'id'>): string {
  return id.slice(id.lastIndexOf(':') + 1);
}
