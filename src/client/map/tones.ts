import type { MapDoor, MapWay } from '../../../protocol/host-map.ts';

/** How much there is to worry about. Never told by colour alone: an icon and a word say the same. */
export type Tone = 'open' | 'wary' | 'kept' | 'shut';

export const DOOR_TONES: Readonly<Record<MapDoor['state'], Tone>> = {
  open: 'open',
  group: 'wary',
  owner: 'kept',
  certificate: 'kept',
  closed: 'shut',
  unknown: 'shut',
};

/** From the worst to none at all: of several ways that somebody has, the first says most about them. */
const WAYS: readonly (readonly [MapWay['by'], Tone])[] = [
  ['privileged', 'open'],
  ['files', 'open'],
  ['network', 'open'],
  ['everybody', 'open'],
  ['old-login', 'open'],
  ['mount', 'wary'],
  ['group', 'wary'],
  ['listed', 'wary'],
  ['files-read', 'wary'],
  ['sudo-docker', 'wary'],
  ['owner', 'kept'],
  ['sudo', 'kept'],
  ['certificate', 'kept'],
  ['next-login', 'kept'],
  ['blocked', 'shut'],
];

export const WAY_TONES = Object.fromEntries(WAYS) as Readonly<Record<MapWay['by'], Tone>>;

const RANKS = new Map(WAYS.map(([by], rank) => [by, rank]));

export function worstWay<Way extends Pick<MapWay, 'by'>>(ways: readonly Way[]): Way | undefined {
  return [...ways].sort((a, b) => (RANKS.get(a.by) ?? 0) - (RANKS.get(b.by) ?? 0))[0];
}
