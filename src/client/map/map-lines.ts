import { svg } from '../dom/svg.ts';
import type { Tone } from './tones.ts';

export interface MapLine {
  readonly from: HTMLElement;
  readonly to: HTMLElement;
  readonly tone: Tone;
  /** Nobody walks it today: with a certificate, from the next login on, stopped on the way. */
  readonly isDashed?: boolean;
  readonly isTouched?: boolean;
}

/** Draws lines between boxes where they are now; to be called whenever they may have moved. */
export function drawLines(canvas: SVGSVGElement, lines: readonly MapLine[]): void {
  const origin = canvas.getBoundingClientRect();
  canvas.replaceChildren(
    ...lines.map(({ from, to, tone, isDashed, isTouched }) => {
      const d = pathBetween(boxOf(from, origin), boxOf(to, origin));
      const attributes = {
        d,
        'data-tone': tone,
        ...(isDashed && { 'data-dashed': '' }),
        ...(isTouched && { 'data-touched': '' }),
      };
      return svg('path', attributes);
    }),
  );
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function boxOf(element: HTMLElement, origin: DOMRect): Box {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return { left: left - origin.left, right: right - origin.left, top: top - origin.top, bottom: bottom - origin.top };
}

/** Sideways where there is room between them, else from the upper one down. */
export function pathBetween(a: Box, b: Box): string {
  const [ay, by] = [(a.top + a.bottom) / 2, (b.top + b.bottom) / 2];
  if (b.left >= a.right) {
    const bend = (b.left - a.right) / 2;
    return curve([a.right, ay], [a.right + bend, ay], [b.left - bend, by], [b.left, by]);
  }
  const [ax, bx] = [(a.left + a.right) / 2, (b.left + b.right) / 2];
  const bend = (b.top - a.bottom) / 2;
  return curve([ax, a.bottom], [ax, a.bottom + bend], [bx, b.top - bend], [bx, b.top]);
}

function curve(...[start, ...rest]: readonly (readonly [number, number])[]): string {
  const text = (point: readonly [number, number]) => point.map((one) => one.toFixed(1)).join(' ');
  return `M${text(start ?? [0, 0])}C${rest.map(text).join(' ')}`;
}
