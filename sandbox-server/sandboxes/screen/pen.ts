import { type Look, PLAIN } from './look.ts';
import type { XtermCore } from './xterm-core.ts';

const ESC = '\x1b';
export const CSI = `${ESC}[`;
export const ST = `${ESC}\\`;

/** From here on a character may melt into the one before it. */
const FIRST_COMBINING = 0x300;

/**
 * A cluster longer than this is cut: no script needs more, and a guest could otherwise make a snapshot of any size.
 */
const MAX_CLUSTER_UNITS = 64;

/** Writes control sequences that paint a screen, and knows where they leave cursor and look of the next character. */
export class Pen {
  readonly #core: XtermCore;
  #text: string[] = [];
  #look: Look = PLAIN;
  /** Printed just now, with nothing after it. */
  #last = '';
  /** The column the next character goes to; the terminal's width when the last column was just written. */
  x = 0;

  constructor(core: XtermCore) {
    this.#core = core;
  }

  /** What was written since the last call. */
  takeText(): string {
    const text = this.#text.join('');
    this.#text = [];
    return text;
  }

  /** A control sequence that neither moves nor paints. */
  control(sequence: string): void {
    this.#text.push(sequence);
    this.#last = '';
  }

  to(column: number): void {
    if (this.x !== column) this.jump(column);
  }

  jump(column: number): void {
    this.control(`${CSI}${column + 1}G`);
    this.x = column;
  }

  look(look: Look): void {
    if (look.sgr !== this.#look.sgr || (this.#look.isProtected && !look.isProtected)) {
      this.control(`${CSI}${look.sgr === '' ? '' : `0;${look.sgr}`}m`);
      // SGR 0 also takes the protection.
      if (look.isProtected) this.control(`${CSI}1"q`);
    } else if (look.isProtected !== this.#look.isProtected) this.control(`${CSI}1"q`);
    if (look.link !== this.#look.link) this.control(`${ESC}]8;${this.#target(look.link)}${ST}`);
    this.#look = look;
  }

  print(text: string, width: number): void {
    if (this.#last !== '' && this.#wouldJoin(this.#last, text)) this.control(`${CSI}${this.x + 1}G`);
    this.#last = text.length > MAX_CLUSTER_UNITS ? cut(text) : text;
    this.#text.push(this.#last);
    this.x += width;
  }

  erase(columns: number): void {
    this.control(`${CSI}${columns}X`);
  }

  #target(link: number): string {
    const data = link === 0 ? undefined : this.#core._oscLinkService.getLinkData(link);
    if (data === undefined) return ';';
    return `${data.id === undefined ? '' : `id=${data.id}`};${data.uri}`;
  }

  #wouldJoin(before: string, after: string): boolean {
    const first = after.codePointAt(0) ?? 0;
    const previous = before.codePointAt(0) ?? 0;
    if (first < FIRST_COMBINING && previous < FIRST_COMBINING) return false;
    const { unicodeService } = this.#core;
    let state = 0;
    for (const character of before) state = unicodeService.charProperties(character.codePointAt(0) ?? 0, state);
    // The lowest bit of a character's properties says that it joins what precedes.
    return (unicodeService.charProperties(first, state) & 1) === 1;
  }
}

function cut(cluster: string): string {
  const short = cluster.slice(0, MAX_CLUSTER_UNITS);
  return short.isWellFormed() ? short : short.slice(0, -1);
}
