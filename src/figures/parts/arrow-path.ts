type Point = readonly [x: number, y: number];

const HEAD = 7;
const SPREAD = 0.45; // of the head's strokes from the line, in radians
const CROSS = 5;

/**
 * Line and head in one path, strokes only: a head that were a marker would not take the line's colour everywhere.
 * `along` is two or more points, `118 34, 78 62`.
 */
export function arrowPath(along: string, stops: boolean): string {
  const points = along.split(',').map(toPoint);
  const [end, before] = [points.at(-1), points.at(-2)];
  if (!end || !before) throw new Error(`an arrow leads from one point to another, and "${along}" is one`);
  const line = `M${points.map(([x, y]) => `${x} ${y}`).join('L')}`;
  return line + (stops ? cross(end) : head(end, Math.atan2(end[1] - before[1], end[0] - before[0])));
}

function toPoint(text: string): Point {
  const [x = Number.NaN, y = Number.NaN] = text.trim().split(' ').map(Number);
  if (Number.isNaN(x) || Number.isNaN(y)) throw new Error(`a point is two numbers, and "${text.trim()}" is not`);
  return [x, y];
}

function head([x, y]: Point, direction: number): string {
  const [first, second] = [SPREAD, -SPREAD].map((spread) => {
    const angle = direction + Math.PI + spread;
    return `${rounded(x + HEAD * Math.cos(angle))} ${rounded(y + HEAD * Math.sin(angle))}`;
  });
  return `M${first}L${x} ${y}L${second}`;
}

function cross([x, y]: Point): string {
  return `M${x - CROSS} ${y - CROSS}l${2 * CROSS} ${2 * CROSS}m0 ${-2 * CROSS}l${-2 * CROSS} ${2 * CROSS}`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
