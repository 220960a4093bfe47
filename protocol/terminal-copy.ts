/**
 * A terminal is copied: in every page that shows it, and in the server. All copies are xterm.js 6.0.0 (package.json
 * pins it) and see the same bytes and sizes; what is here makes them alike in what they do with them.
 */

/** In characters. */
export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

/** CAN ends whatever sequence a terminal is in the middle of; RIS forgets the rest. */
export const EMPTY_TERMINAL = '\x18\x1bc';

interface Params {
  readonly [index: number]: number | number[] | undefined;
}

/** What is used of a terminal, in a page or not. */
export interface TerminalCopy extends TerminalSize {
  readonly buffer: {
    readonly active: {
      readonly type: 'normal' | 'alternate';
      readonly length: number;
      readonly cursorX: number;
      readonly cursorY: number;
    };
  };
  readonly parser: {
    registerCsiHandler(id: { prefix?: string; final: string }, handler: (params: Params) => boolean): unknown;
  };
  resize(cols: number, rows: number): void;
}

/** Not public. */
interface Internals {
  readonly _core: { readonly buffers: { readonly normal: Buffer; readonly alt: Buffer } };
}

interface Buffer {
  readonly ybase: number;
  readonly lines: { readonly length: number; get(index: number): Line | undefined };
  savedX: number;
  savedY: number;
  clear(): void;
}

interface Line {
  getWidth(column: number): number;
  hasContent(column: number): number;
  setCellFromCodepoint(column: number, codePoint: number, width: number, look: typeof PLAIN): void;
}

const PLAIN = { fg: 0, bg: 0, extended: undefined };

/**
 * xterm.js keeps things that cannot be seen and shows them after a later resize, so that two terminals that look alike
 * would not stay so: what a narrower alternate screen cuts off (taking the last column in a step of its own drops it),
 * room for the tallest alternate screen there ever was, cursors saved beyond the edge, halves of wide
 * characters that lost the other.
 */
export function applySize(terminal: TerminalCopy, { cols, rows }: TerminalSize): void {
  const isAlternate = terminal.buffer.active.type === 'alternate';
  if (isAlternate && cols < terminal.cols) terminal.resize(cols - 1, rows);
  terminal.resize(cols, rows);
  const { normal, alt } = (terminal as unknown as Internals)._core.buffers;
  if (!isAlternate) alt.clear();
  for (const buffer of [normal, alt]) {
    buffer.savedX = Math.min(buffer.savedX, cols - 1);
    buffer.savedY = Math.min(buffer.savedY, buffer.ybase + rows - 1);
    for (let index = 0; index < buffer.lines.length; index += 1) dropHalves(buffer.lines.get(index), cols);
  }
}

/** A wide character is its first column, of width 2, and a column of width 0. */
function dropHalves(line: Line | undefined, cols: number): void {
  let before = 1;
  for (let column = 0; line !== undefined && column < cols; column += 1) {
    const width = line.getWidth(column);
    const isHalf = (width === 2 && column === cols - 1) || (width === 0 && before !== 2 && !line.hasContent(column));
    if (isHalf) line.setCellFromCodepoint(column, 0, 1, PLAIN);
    before = width;
  }
}

const ERASE = { toCursor: 1, scrollback: 3 } as const;

/**
 * Erasing from the start of the screen to its last character throws inside xterm.js, and a page's terminal would stand
 * still for good: that one sequence is ignored. Erasing the scrollback leaves a cursor saved beyond the edge.
 */
export function mendErase(terminal: TerminalCopy): void {
  const { buffers } = (terminal as unknown as Internals)._core;
  const erase = (params: Params) => {
    const { cursorX, cursorY, length, type } = terminal.buffer.active;
    if (params[0] === ERASE.scrollback && type === 'normal') {
      buffers.normal.savedY = Math.min(buffers.normal.savedY, terminal.rows - 1);
    }
    return params[0] === ERASE.toCursor && cursorX + 1 >= terminal.cols && cursorY + 1 >= length;
  };
  terminal.parser.registerCsiHandler({ final: 'J' }, erase);
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'J' }, erase);
}
