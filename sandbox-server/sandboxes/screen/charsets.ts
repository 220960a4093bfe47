import { type Charset, openHeadless } from './xterm-core.ts';

/** Characters that name a set in `ESC ( …` (common/data/Charsets.ts of xterm.js); B is ASCII, no translation. */
const NAMES = ['0', 'A', '4', 'C', 'R', 'Q', 'K', 'Y', 'E', 'Z', 'H', '='];
const ASCII = 'B';
const SLOTS = ['(', ')', '*', '+'];

let names: ReadonlyMap<Charset, string> | undefined;

/** The sequence that puts a character set into G0 to G3. */
export function designate(slot: number, charset: Charset | undefined): string {
  return `\x1b${SLOTS[slot] ?? '('}${charsetName(charset)}`;
}

export function charsetName(charset: Charset | undefined): string {
  names ??= learnNames();
  return charset === undefined ? ASCII : (names.get(charset) ?? ASCII);
}

/** xterm.js knows sets by object; which object has which name is found out by asking for each. */
function learnNames(): ReadonlyMap<Charset, string> {
  const { terminal, core } = openHeadless({ cols: 2, rows: 2 });
  const learned = new Map<Charset, string>();
  for (const name of NAMES) {
    core._inputHandler.selectCharset(`(${name}`);
    const { charset } = core._charsetService;
    if (charset !== undefined) learned.set(charset, name);
  }
  terminal.dispose();
  return learned;
}
