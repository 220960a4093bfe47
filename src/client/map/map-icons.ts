import type { MapDoor, MapPerson } from '../../../protocol/host-map.ts';
import { svg } from '../dom/svg.ts';

const SIZE = 16;

const SHAPES = {
  user: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-6 6.5c.4-3.4 2.7-5 6-5s5.6 1.6 6 5',
  container: 'M1.5 4.5h13v8h-13zM5 4.5v8M8 4.5v8M11 4.5v8',
  machine: 'M1.5 2.5h13v8.5h-13zM5.5 14h5M8 11v3',
  open: 'M3.5 7.5h9v6.5h-9zM5.5 7.5V5a2.5 2.5 0 0 1 4.8-1',
  shut: 'M3.5 7.5h9v6.5h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  group:
    'M5.5 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6ZM1.5 13.5c.3-2.7 1.7-4 4-4s3.7 1.3 4 4M10.5 7.5a2 2 0 1 0 0-4M11.5 9.5c1.8.2 2.8 1.5 3 4',
  certificate: 'M5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm2.5-1.5 6 5.5M11 11l1.8-1.8',
  nobody: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  unknown: 'M5.5 5.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .7-1 1.7M8 12.5v.1',
  daemon:
    'M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8 1.5v2.5M8 12v2.5M1.5 8H4M12 8h2.5M3.4 3.4l1.8 1.8M10.8 10.8l1.8 1.8M12.6 3.4l-1.8 1.8M5.2 10.8l-1.8 1.8',
  reach: 'M1.5 3.5h5l1.5 2h6.5v8h-13z',
} as const;

export type IconName = keyof typeof SHAPES;

const DOORS: Readonly<Record<MapDoor['state'], IconName>> = {
  ...{ open: 'open', group: 'group', owner: 'shut' },
  ...{ certificate: 'certificate', closed: 'nobody', unknown: 'unknown' },
};

export function icon(name: IconName): SVGElement {
  const attributes = {
    class: 'map-icon',
    viewBox: `0 0 ${SIZE} ${SIZE}`,
    width: SIZE,
    height: SIZE,
    'aria-hidden': 'true',
  };
  return svg('svg', attributes, svg('path', { d: SHAPES[name] }));
}

export const personIcon = ({ kind }: MapPerson): SVGElement => icon(kind);
export const doorIcon = ({ state }: MapDoor): SVGElement => icon(DOORS[state]);
