import { designate } from './charsets.ts';
import { PLAIN, savedLook } from './look.ts';
import { isOddBlank, paintCells, paintLine } from './paint-line.ts';
import { CSI, type Pen } from './pen.ts';
import type { CoreBuffer, CoreLine, XtermCore } from './xterm-core.ts';

export interface BufferToPaint {
  readonly core: XtermCore;
  readonly buffer: CoreBuffer;
  /** The first line to paint; what is above it is given up. */
  readonly from: number;
}

/**
 * Paints all lines of a buffer from the top of an empty one, and on the way what was saved by DECSC, at the moment the
 * line it belongs to is the cursor's. Yields after each line: the caller decides when to let others work.
 */
export function* paintBuffer(pen: Pen, { core, buffer, from }: BufferToPaint): Generator<void> {
  const { cols } = core;
  const last = Math.max(from, buffer.lines.length - 1);
  const savedY = Math.min(last, Math.max(from, buffer.savedY));
  let dirty = 0;
  pen.x = 0;
  if (buffer.lines.get(from)?.isWrapped) dirty = wrapFirstLine(pen, cols);
  for (let index = from; index <= last; index += 1) {
    const line = buffer.lines.get(index);
    if (line === undefined) break;
    paintLine(pen, { line, cols, dirty });
    if (index === savedY) saveCursor(pen, { core, buffer, line });
    if (index < last) dirty = nextLine(pen, { line, cols, wraps: buffer.lines.get(index + 1)?.isWrapped ?? false });
    yield;
  }
  pen.look(PLAIN);
}

export interface CursorToSave {
  readonly core: XtermCore;
  readonly buffer: CoreBuffer;
  /** What is written there, to be mended; `undefined` where it does not matter. */
  readonly line: CoreLine | undefined;
}

/** What DECSC keeps, saved again in the cursor's line. */
export function saveCursor(pen: Pen, { core, buffer, line }: CursorToSave): void {
  const { savedX, savedCurAttrData, savedCharset } = buffer;
  const wasAt = pen.x;
  // Behind the last column one gets by printing only.
  const isBehind = savedX >= core.cols;
  pen.jump(isBehind ? core.cols - 1 : savedX);
  if (isBehind) pen.print(' ', 1);
  pen.look(savedLook(savedCurAttrData));
  if (savedCharset !== undefined) pen.control(designate(0, savedCharset));
  pen.control('\x1b7');
  if (savedCharset !== undefined) pen.control(designate(0, undefined));
  if (isBehind && line !== undefined) mendLastColumn(pen, line, core.cols);
  else if (wasAt < core.cols) pen.jump(wasAt);
}

/** Returns how many columns of the new line are dirty. */
function nextLine(pen: Pen, { line, cols, wraps }: { line: CoreLine; cols: number; wraps: boolean }): number {
  if (wraps) return wrap(pen, line, cols);
  // A line that scrolls in takes the background of the moment.
  pen.look(PLAIN);
  pen.control('\r\n');
  pen.x = 0;
  return 0;
}

/** Lets the cursor wrap into the next line, which is how xterm.js knows that both are one. */
function wrap(pen: Pen, line: CoreLine, cols: number): number {
  const mustMend = pen.x < cols;
  pen.look(PLAIN);
  if (mustMend) {
    pen.jump(cols - 1);
    pen.print(' ', 1);
  }
  pen.control(`${CSI}m`);
  pen.print(' ', 1);
  if (mustMend) {
    pen.control(`${CSI}A`);
    mendLastColumn(pen, line, cols);
    pen.look(PLAIN);
    pen.control(`${CSI}B`);
  }
  pen.control('\r');
  pen.x = 0;
  return 1;
}

function mendLastColumn(pen: Pen, line: CoreLine, cols: number): void {
  if (isOddBlank(line, cols - 1) && line.getWidth(cols - 2) !== 2) {
    // It needs its neighbour, which may be half of something itself.
    pen.jump(0);
    paintLine(pen, { line, cols, dirty: cols });
  } else {
    const from = line.getWidth(cols - 2) === 2 ? cols - 2 : cols - 1;
    pen.jump(from);
    paintCells(pen, { line, cols, from, isDirty: () => true });
  }
}

/** The line that the first one continues is gone: make one, and let it scroll away. */
function wrapFirstLine(pen: Pen, cols: number): number {
  pen.jump(cols - 1);
  pen.print(' ', 1);
  pen.print(' ', 1);
  pen.control(`${CSI}S${CSI}A\r`);
  pen.x = 0;
  return 1;
}
