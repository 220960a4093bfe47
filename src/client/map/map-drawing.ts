import type { MapDaemon, MapDoor, MapHost, MapPerson } from '../../../protocol/host-map.ts';
import { element } from '../dom/element.ts';
import { svg } from '../dom/svg.ts';
import type { MapStrings } from '../strings/map-strings.ts';
import { doorIcon, icon, personIcon } from './map-icons.ts';
import { drawLines, type MapLine } from './map-lines.ts';
import { DOOR_TONES, type Tone, WAY_TONES, worstWay } from './tones.ts';

export interface MapDrawing {
  readonly element: HTMLElement;
  /** Lines follow the boxes. */
  place(): void;
}

interface Ink {
  readonly host: MapHost;
  readonly text: MapStrings;
  /** Ids of what has just changed, as `machine id`. */
  readonly touched: ReadonlySet<string>;
}

/** Who, through which door, to which daemon, and what they then have: four columns, or four rows where it is narrow. */
export function drawMap(ink: Ink): MapDrawing {
  const { host, text } = ink;
  const people = new Map(host.people.map((person) => [person.id, personBox(person, ink)]));
  const doors = new Map(host.doors.map((door) => [door.id, doorBox(door, ink)]));
  const daemons = new Map(host.daemons.map((daemon) => [daemon.id, daemonBox(daemon, ink)]));
  const reaches = new Map(host.daemons.map((daemon) => [daemon.id, reachBox(daemon, ink)]));
  const canvas = svg('svg', { class: 'map-lines' });
  const lines = [...wayLines(ink, people, new Map([...reaches, ...doors])), ...doorLines(ink, doors, daemons, reaches)];
  const columns = [people, doors, daemons, reaches].map((boxes, index) =>
    column(
      text.columns[index] ?? '',
      [...boxes.values()],
      index === 0 ? text.nobody : index === 2 ? text.noDaemon : '',
    ),
  );
  const drawing = element('div', { class: 'map-drawing', 'aria-hidden': 'true' });
  drawing.append(canvas, ...columns);
  return { element: drawing, place: () => drawLines(canvas, lines) };
}

function column(caption: string, boxes: readonly HTMLElement[], nothing: string): HTMLElement {
  const filling = boxes.length > 0 || nothing === '' ? boxes : [element('p', { class: 'map-nothing' }, nothing)];
  return element('div', { class: 'map-column' }, element('p', { class: 'map-caption' }, caption), ...filling);
}

interface BoxParts {
  readonly id: string;
  readonly tone: Tone;
  readonly sign: SVGElement;
  readonly name: string;
  readonly notes: readonly string[];
  readonly isCode?: boolean;
}

function box({ id, tone, sign, name, notes, isCode = false }: BoxParts, { host, touched }: Ink): HTMLElement {
  const isTouched = touched.has(`${host.machine} ${id}`);
  const attributes = { class: 'map-box', 'data-tone': tone, 'data-map': id, 'data-touched': isTouched };
  const words = notes.filter(Boolean).map((note) => element('span', {}, note));
  return element('div', attributes, sign, element('b', isCode ? { class: 'map-code' } : {}, name), ...words);
}

function personBox(person: MapPerson, ink: Ink): HTMLElement {
  const { host, text } = ink;
  const worst = worstWay(host.ways.filter(({ from }) => from === person.id));
  const door = host.doors.find(({ id }) => id === worst?.to) ?? null;
  const tone = worst ? WAY_TONES[worst.by] : 'shut';
  const note = worst ? text.way(worst, door) : text.noWay;
  return box({ id: person.id, tone, sign: personIcon(person), name: person.name, notes: [note] }, ink);
}

function doorBox(door: MapDoor, ink: Ink): HTMLElement {
  const file = door.mode === null ? '' : `${door.owner}:${door.group} ${door.mode}`;
  const notes = [ink.text.door(door), file];
  return box(
    { id: door.id, tone: DOOR_TONES[door.state], sign: doorIcon(door), name: door.id, notes, isCode: true },
    ink,
  );
}

function daemonBox(daemon: MapDaemon, ink: Ink): HTMLElement {
  const [name, note] = ink.text.daemon(daemon);
  return box({ id: daemon.id, tone: toneOf(daemon), sign: icon('daemon'), name, notes: [note] }, ink);
}

function reachBox(daemon: MapDaemon, ink: Ink): HTMLElement {
  const [name, note] = ink.text.reach(daemon, ink.host.hostname);
  return box({ id: `reach ${daemon.id}`, tone: toneOf(daemon), sign: icon('reach'), name, notes: [note] }, ink);
}

function toneOf({ power }: MapDaemon): Tone {
  return power === 'root' ? 'open' : 'wary';
}

type Boxes = ReadonlyMap<string, HTMLElement>;

function wayLines({ host, touched }: Ink, people: Boxes, targets: Boxes): MapLine[] {
  return host.ways.flatMap(({ from, to, by }) => {
    const [start, end] = [people.get(from), targets.get(to)];
    if (!start || !end) return [];
    const isDashed = by === 'certificate' || by === 'next-login' || by === 'blocked' || by === 'sudo';
    return [{ from: start, to: end, tone: WAY_TONES[by], isDashed, isTouched: touched.has(`${host.machine} ${from}`) }];
  });
}

function doorLines({ host }: Ink, doors: Boxes, daemons: Boxes, reaches: Boxes): MapLine[] {
  const inside = host.doors.flatMap(({ id, daemon, state }): MapLine[] => {
    const [from, to] = [doors.get(id), daemons.get(daemon ?? '')];
    return from && to && state !== 'closed' ? [{ from, to, tone: DOOR_TONES[state] }] : [];
  });
  const onward = host.daemons.flatMap((daemon): MapLine[] => {
    const [from, to] = [daemons.get(daemon.id), reaches.get(daemon.id)];
    return from && to ? [{ from, to, tone: toneOf(daemon), isDashed: daemon.state === 'asleep' }] : [];
  });
  return [...inside, ...onward];
}
