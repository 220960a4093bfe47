import { designate } from './charsets.ts';
import { CSI } from './pen.ts';
import type { CoreBuffer, XtermCore } from './xterm-core.ts';

const DEFAULT_TAB_WIDTH = 8;
const CURSOR_STYLES = { block: 2, underline: 4, bar: 6 } as const;
const MOUSE_PROTOCOLS: Readonly<Record<string, number>> = { X10: 9, VT200: 1000, DRAG: 1002, ANY: 1003 };
const MOUSE_ENCODINGS: Readonly<Record<string, number>> = { SGR: 1006, SGR_PIXELS: 1016 };
const SHIFTS = ['\x0f', '\x0e', '\x1bn', '\x1bo'];

/** Tab stops and scroll region of the active buffer. Moves the cursor. */
export function bufferModes(buffer: CoreBuffer, { cols, rows }: XtermCore): string {
  const isSet = (column: number) => buffer.tabs[column] === true;
  const columns = Array.from({ length: cols }, (_, column) => column);
  const isUsual = columns.every((column) => isSet(column) === (column % DEFAULT_TAB_WIDTH === 0));
  const stops = columns.filter(isSet).map((column) => `${CSI}${column + 1}G\x1bH`);
  const { scrollTop, scrollBottom } = buffer;
  return [
    isUsual ? '' : `${CSI}3g${stops.join('')}`,
    scrollTop === 0 && scrollBottom === rows - 1 ? '' : `${CSI}${scrollTop + 1};${scrollBottom + 1}r`,
  ].join('');
}

/** Everything that changes how later output is taken, and that neither paints nor moves the cursor. */
export function terminalModes(core: XtermCore): string {
  const { modes, decPrivateModes: dec } = core.coreService;
  const { convertEol, cursorBlink } = core.optionsService.options;
  const { activeProtocol, activeEncoding } = core.coreMouseService;
  const ansi = (on: boolean, mode: number) => (on ? `${CSI}${mode}h` : '');
  const dec_ = (on: boolean, mode: number | undefined) => (on && mode !== undefined ? `${CSI}?${mode}h` : '');
  return [
    ansi(modes.insertMode, 4),
    // An option in xterm.js: a reset leaves it.
    `${CSI}20${convertEol ? 'h' : 'l'}`,
    dec_(cursorBlink, 12),
    dec_(dec.applicationCursorKeys, 1),
    dec_(dec.bracketedPasteMode, 2004),
    dec_(dec.reverseWraparound, 45),
    dec_(dec.sendFocus, 1004),
    dec_(activeProtocol !== 'NONE', MOUSE_PROTOCOLS[activeProtocol]),
    dec_(activeEncoding !== 'DEFAULT', MOUSE_ENCODINGS[activeEncoding]),
    dec.wraparound ? '' : `${CSI}?7l`,
    dec.applicationKeypad ? '\x1b=' : '',
    dec.cursorStyle === undefined ? '' : cursorStyle(dec.cursorStyle, dec.cursorBlink ?? false),
    dec_(dec.synchronizedOutput, 2026),
  ].join('');
}

/** G0 to G3, and which of them is in use. */
export function charsetModes({ _charsetService: { glevel, _charsets } }: XtermCore): string {
  const slots = [0, 1, 2, 3].filter((slot) => _charsets[slot] !== undefined);
  const designations = slots.map((slot) => designate(slot, _charsets[slot]));
  return designations.join('') + (glevel === 0 ? '' : (SHIFTS[glevel] ?? ''));
}

function cursorStyle(style: keyof typeof CURSOR_STYLES, isBlinking: boolean): string {
  return `${CSI}${CURSOR_STYLES[style] - (isBlinking ? 1 : 0)} q`;
}
