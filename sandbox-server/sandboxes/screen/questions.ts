/** Questions that xterm.js 6 answers; colours among them when they end in a question mark. */
const QUESTION =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  /\x1b(?:\[(?:[?>=]?[\d;:]*[cn]|\??[\d;]*\$p)|P[\d;]*\$q|\](?:4|1[0-2]);[^\x07\x1b]*\?)/;
const ESC = 0x1b;
/** No question is longer, up to the byte by which it is known. */
const LONGEST = 64;

/** Looks for questions in output, which may be cut anywhere. Finds too many rather than too few. */
export class Questions {
  #tail = '';

  isIn(bytes: Uint8Array): boolean {
    if (this.#tail === '' && !bytes.includes(ESC)) return false;
    const text = this.#tail + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    const begin = text.lastIndexOf('\x1b');
    this.#tail = begin >= 0 && text.length - begin < LONGEST ? text.slice(begin) : '';
    return QUESTION.test(text);
  }
}
