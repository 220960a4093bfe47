import { isErased, lookAt, PLAIN } from './look.ts';
import type { Pen } from './pen.ts';
import type { CoreLine } from './xterm-core.ts';

/** Any character of two columns. */
const WIDE = '一';

export interface LineToPaint {
  readonly line: CoreLine;
  readonly cols: number;
  /** Columns before this one hold something that must be painted over even with nothing. */
  readonly dirty: number;
}

/** Paints one line; the cursor is in its first column. */
export function paintLine(pen: Pen, { line, cols, dirty }: LineToPaint): void {
  const odd = Array.from({ length: cols }, (_, column) => column).filter((column) => isOddBlank(line, column));
  const alsoDirty = new Set(odd.map((column) => (column === 0 ? 1 : column - 1)));
  if (odd[0] === 0) paintOddFirst(pen, line);
  for (const column of odd.reverse()) if (column > 0) paintOddBlank(pen, line, column);
  if (odd.length > 0) pen.jump(0);
  paintCells(pen, { line, cols, from: 0, isDirty: (column) => column < dirty || alsoDirty.has(column) });
}

interface CellsToPaint {
  readonly line: CoreLine;
  readonly cols: number;
  readonly from: number;
  readonly isDirty: (column: number) => boolean;
}

/** All but odd blanks. */
export function paintCells(pen: Pen, { line, cols, from, isDirty }: CellsToPaint): void {
  for (let column = from; column < cols; ) {
    const width = line.getWidth(column);
    const text = line.getString(column);
    if (text !== '' && column + width <= cols) {
      pen.to(column);
      pen.look(lookAt(line, column));
      pen.print(text, Math.max(width, 1));
      column += Math.max(width, 1);
    } else if (isOddBlank(line, column)) {
      column += 1;
    } else {
      const end = endOfBlank(line, column, cols);
      paintBlank(pen, { line, column, end, isDirty });
      column = end;
    }
  }
}

/** A blank with more to it than a background: what became of half a wide character. */
export function isOddBlank(line: CoreLine, column: number): boolean {
  return line.getString(column) === '' && line.getWidth(column) === 1 && !isErased(line, column);
}

function endOfBlank(line: CoreLine, from: number, cols: number): number {
  const { sgr } = lookAt(line, from);
  let end = from + 1;
  while (end < cols && line.getString(end) === '' && !isOddBlank(line, end) && lookAt(line, end).sgr === sgr) end += 1;
  return end;
}

interface Blank {
  readonly line: CoreLine;
  readonly column: number;
  readonly end: number;
  readonly isDirty: (column: number) => boolean;
}

function paintBlank(pen: Pen, { line, column, end, isDirty }: Blank): void {
  const { sgr } = lookAt(line, column);
  let must = sgr !== '';
  for (let at = column; at < end && !must; at += 1) must = isDirty(at);
  if (!must) return;
  pen.to(column);
  pen.look({ ...PLAIN, sgr });
  pen.erase(end - column);
}

/** As it came about: the second half of a wide character, of which the first is written over. */
function paintOddBlank(pen: Pen, line: CoreLine, column: number): void {
  pen.jump(column - 1);
  pen.look(lookAt(line, column));
  pen.print(WIDE, 2);
  pen.jump(column - 1);
  pen.print(' ', 1);
}

/** There is nothing to the left: the first half, the second being written over. */
function paintOddFirst(pen: Pen, line: CoreLine): void {
  pen.look(lookAt(line, 0));
  pen.print(WIDE, 2);
  pen.jump(1);
  pen.print(' ', 1);
}
