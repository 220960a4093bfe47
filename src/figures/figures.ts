import { MUTUAL_TLS } from './texts/mutual-tls.ts';
import { ONE_SOCKET } from './texts/one-socket.ts';
import { PAST_THE_WALL } from './texts/past-the-wall.ts';
import { THREE_ARRANGEMENTS } from './texts/three-arrangements.ts';
import { TWO_MAPS } from './texts/two-maps.ts';
import { WAY_TO_ROOT } from './texts/way-to-root.ts';

/** Every picture of the course, in the order of the lessons, with its words. */
export const FIGURES = {
  'one-socket': ONE_SOCKET,
  'past-the-wall': PAST_THE_WALL,
  'mutual-tls': MUTUAL_TLS,
  'way-to-root': WAY_TO_ROOT,
  'three-arrangements': THREE_ARRANGEMENTS,
  'two-maps': TWO_MAPS,
} as const;

export function isFigure(id: string): id is keyof typeof FIGURES {
  return Object.hasOwn(FIGURES, id);
}
