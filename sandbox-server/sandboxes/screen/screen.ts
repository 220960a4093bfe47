import { applySize, type TerminalSize } from '../../../protocol/terminal-copy.ts';
import { Colours } from './colours.ts';
import { type Look, lookAt, lookOf, nextUnderlineColour, PLAIN, savedLook } from './look.ts';
import { paintBuffer, saveCursor } from './paint-buffer.ts';
import { bufferModes, charsetModes, terminalModes } from './paint-modes.ts';
import { CSI, Pen, ST } from './pen.ts';
import { type CoreBuffer, openHeadless, PARSER_STATE, type XtermCore } from './xterm-core.ts';

/** A terminal's whole state as bytes: written to a terminal of this size, whatever its past, they bring it about. */
export interface Snapshot extends TerminalSize {
  readonly bytes: Uint8Array;
}

/** Above this, a snapshot gives up scrollback, oldest lines first; only a guest that paints to do harm gets there. */
const MAX_SNAPSHOT_BYTES = 1024 * 1024;
const MAX_TITLE_UNITS = 1024;

const FIRST_NON_ASCII = 0x80;

/**
 * By parser state: what leads into the same kind of sequence, and does nothing when it ends. Used for one that goes on for
 * longer than output is kept, and therefore does nothing sensible anyway.
 */
const UNFINISHED: Readonly<Record<number, string>> = {
  ...{ 1: '\x1b', 2: '\x1b ', 7: '\x1b_', 8: '\x1b]9999;' },
  ...Object.fromEntries([3, 4, 5, 6].map((state) => [state, '\x1b[0:'])),
  ...Object.fromEntries([9, 10, 11, 12, 13].map((state) => [state, '\x1bP0q'])),
};

/** The mark before what is typed at a prompt (OSC 133;B), which pages wait for. */
const PROMPT_MARK = 133;

/**
 * A terminal as a page has it, kept by the server. Takes output and sizes in order, answers what programs ask, and can
 * be turned into a snapshot. Memory and time are the caller's to bound: by how much it feeds one screen.
 */
export class Screen implements Disposable {
  readonly #terminal: ReturnType<typeof openHeadless>['terminal'];
  readonly #core: XtermCore;
  readonly #colours = new Colours();
  /** Not xterm.js's own: version 6 loses a character that two chunks share after a byte of 0x80. */
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #lastByte = 0;
  #promptMark = '';

  constructor(size: TerminalSize, onAnswer: (answer: string) => void = () => undefined) {
    ({ terminal: this.#terminal, core: this.#core } = openHeadless(size));
    this.#core.coreService.onData(onAnswer);
    this.#core._inputHandler.onColor((requests) => {
      for (const answer of this.#colours.take(requests)) onAnswer(answer);
    });
    this.#terminal.parser.registerOscHandler(PROMPT_MARK, (mark) => {
      this.#promptMark = mark;
      return true;
    });
  }

  /** For tests, which compare two of them. */
  get core(): XtermCore {
    return this.#core;
  }

  get size(): TerminalSize {
    return { cols: this.#core.cols, rows: this.#core.rows };
  }

  /** At once: keep chunks small. */
  feed(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#lastByte = bytes.at(-1) ?? 0;
    this.#core._inputHandler.parse(this.#decoder.decode(bytes, { stream: true }));
  }

  resize(size: TerminalSize): void {
    applySize(this.#terminal, size);
  }

  /**
   * Can this very moment be told by a snapshot? Not in the middle of a sequence or a character, and not in a few states
   * that no sequence brings about.
   */
  get isQuiet(): boolean {
    const { _inputHandler: handler } = this.#core;
    return (
      this.#lastByte < FIRST_NON_ASCII &&
      handler._parser.currentState === PARSER_STATE.ground &&
      (!this.#hasOwnCharset || this.#active.savedCharset === this.#core._charsetService.charset) &&
      this.#isWithinMargins &&
      (!this.#standsBehind || this.#glyphBefore !== undefined) &&
      (handler._parser.precedingJoinState === 0 || this.#canJoinAgain)
    );
  }

  /**
   * Yields the snapshot's text piece by piece; nothing may be fed until it is done. `undefined` takes back what came so
   * far: it was too much, and begins again with less scrollback.
   */
  *paint(maxBytes = MAX_SNAPSHOT_BYTES): Generator<string | undefined> {
    const { normal, alt } = this.#core.buffers;
    const pen = new Pen(this.#core);
    pen.control(this.#colours.paint() + this.#titles());
    const sizes = yield* this.#paintBuffer(pen, normal, 0);
    const from = firstThatFits(sizes, maxBytes, normal.ybase);
    if (from > 0) {
      yield undefined;
      pen.control(this.#colours.paint() + this.#titles());
      yield* this.#paintBuffer(pen, normal, from);
    }
    pen.control(bufferModes(normal, this.#core));
    if (this.#active === alt) {
      // Unseen, but it decides what a resize does to the lines above.
      pen.control(`${CSI}${normal.y + 1};${normal.x + 1}H${CSI}?47h${CSI}H`);
      yield* this.#paintBuffer(pen, alt, 0);
      pen.control(bufferModes(alt, this.#core));
    } else this.#paintSavedOfAlt(pen);
    pen.control(terminalModes(this.#core));
    if (this.#promptMark.startsWith('B')) pen.control(`\x1b]${PROMPT_MARK};B${ST}`);
    this.#paintCursor(pen);
    pen.control(UNFINISHED[this.#core._inputHandler._parser.currentState] ?? '');
    yield pen.takeText();
  }

  [Symbol.dispose](): void {
    this.#terminal.dispose();
  }

  get #active(): CoreBuffer {
    return this.#core.buffers.active;
  }

  /** Returns how much text each line took. */
  *#paintBuffer(pen: Pen, buffer: CoreBuffer, from: number): Generator<string, number[]> {
    const sizes: number[] = [];
    for (const _line of paintBuffer(pen, { core: this.#core, buffer, from })) {
      const text = pen.takeText();
      sizes.push(text.length);
      yield text;
    }
    return sizes;
  }

  #titles(): string {
    const { _windowTitle: title, _iconName: icon } = this.#core._inputHandler;
    return `\x1b]2;${title.slice(0, MAX_TITLE_UNITS)}${ST}\x1b]1;${icon.slice(0, MAX_TITLE_UNITS)}${ST}`;
  }

  /** What DECSC kept in the alternate buffer outlives it. */
  #paintSavedOfAlt(pen: Pen): void {
    const { alt } = this.#core.buffers;
    const { sgr, isProtected } = savedLook(alt.savedCurAttrData);
    const isPlain = alt.savedCharset === undefined && sgr === '' && !isProtected;
    if (isPlain && alt.savedX === 0 && alt.savedY === 0) return;
    pen.control(`${CSI}?47h${CSI}${alt.savedY + 1};1H`);
    saveCursor(pen, { core: this.#core, buffer: alt, line: undefined });
    pen.look(PLAIN);
    pen.control(`${CSI}?47l`);
  }

  /** Comes last: the next character may melt into the one before the cursor, if that was just printed. */
  #paintCursor(pen: Pen): void {
    const { x, y, scrollTop } = this.#active;
    const { decPrivateModes, isCursorHidden } = this.#core.coreService;
    const { _curAttrData, _parser } = this.#core._inputHandler;
    const row = y - (decPrivateModes.origin ? scrollTop : 0) + 1;
    const joins = _parser.precedingJoinState !== 0;
    const glyph = joins || this.#standsBehind ? this.#glyphBefore : undefined;
    if (this.#hasOwnCharset) pen.control(`${charsetModes(this.#core)}\x1b8${CSI}m`);
    if (decPrivateModes.origin) pen.control(`${CSI}?6h`);
    pen.control(`${CSI}${row};${(glyph?.column ?? Math.min(x, this.#core.cols - 1)) + 1}H`);
    // What is on the screen was translated when it was printed.
    if (glyph !== undefined && !joins) this.#reprint(pen, glyph);
    if (!this.#hasOwnCharset) pen.control(charsetModes(this.#core));
    pen.look(lookOf(_curAttrData));
    const underline = nextUnderlineColour(_curAttrData);
    if (underline !== '') pen.control(`${CSI}${underline}m`);
    // Any sequence will do: behind it nothing melts into what was printed.
    pen.control(`${CSI}?25${isCursorHidden ? 'l' : 'h'}`);
    if (glyph !== undefined && joins) this.#reprint(pen, glyph);
  }

  #reprint(pen: Pen, { look, text, width }: Glyph): void {
    pen.look(look);
    pen.print(text, width);
  }

  /** DECRC brings a character set back, and leaves it at odds with what is designated. */
  get #hasOwnCharset(): boolean {
    const { charset, glevel, _charsets } = this.#core._charsetService;
    return charset !== _charsets[glevel];
  }

  /** With the origin there, no sequence leads out of them. */
  get #isWithinMargins(): boolean {
    const { y, scrollTop, scrollBottom } = this.#active;
    return !this.#core.coreService.decPrivateModes.origin || (y >= scrollTop && y <= scrollBottom);
  }

  /** Behind the last column, where the next character wraps. One gets there by printing only. */
  get #standsBehind(): boolean {
    return this.#active.x >= this.#core.cols;
  }

  get #glyphBefore(): Glyph | undefined {
    return glyphBefore(this.#active);
  }

  /** Would printing the character before the cursor once more leave everything as it is? */
  get #canJoinAgain(): boolean {
    const glyph = this.#glyphBefore;
    const { modes } = this.#core.coreService;
    if (glyph === undefined || (modes.insertMode && !this.#standsBehind)) return false;
    const look = lookOf(this.#core._inputHandler._curAttrData);
    const isSameLook =
      look.sgr === glyph.look.sgr && look.link === glyph.look.link && look.isProtected === glyph.look.isProtected;
    return isSameLook && this.#joinState(glyph.text) === this.#core._inputHandler._parser.precedingJoinState;
  }

  #joinState(text: string): number {
    const { unicodeService } = this.#core;
    let state = 0;
    for (const character of text) state = unicodeService.charProperties(character.codePointAt(0) ?? 0, state);
    return state;
  }
}

/** Never more than the scrollback is given up. */
function firstThatFits(sizes: readonly number[], maxBytes: number, ybase: number): number {
  let sum = 0;
  for (let index = sizes.length - 1; index >= 0; index -= 1) {
    sum += sizes[index] ?? 0;
    if (sum > maxBytes && index < ybase) return index + 1;
  }
  return 0;
}

interface Glyph {
  readonly column: number;
  readonly text: string;
  readonly width: number;
  readonly look: Look;
}

/** The character that ends where the cursor is. */
function glyphBefore({ lines, ybase, x, y }: CoreBuffer): Glyph | undefined {
  const line = lines.get(ybase + y);
  if (line === undefined || x === 0) return undefined;
  const column = x > 1 && line.getWidth(x - 2) === 2 ? x - 2 : x - 1;
  const width = line.getWidth(column);
  const text = line.getString(column);
  return text !== '' && column + width === x ? { column, text, width, look: lookAt(line, column) } : undefined;
}
