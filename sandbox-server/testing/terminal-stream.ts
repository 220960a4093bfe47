import * as fc from 'fast-check';
import type { TerminalSize } from '../../protocol/terminal-copy.ts';

/** What befalls a terminal: output, or another size. */
export type StreamEvent = { readonly text: string } | { readonly size: TerminalSize };

const PLAIN_WORDS = ['hello', 'a', 'ls -l', '   ', 'text and more text', 'x'.repeat(30), '┌─┐', 'é', 'قلب'];
const WIDE_WORDS = ['你好世界', '한국어', '，。'];
const CLUSTERS = ['e\u0301', '👩‍👩‍👧', '🇩🇪🇨🇳', '☺\ufe0f', '각', 'न्दी', '\u0301'];
const SGR = [
  ...['0', '1', '7', '31', '44', '4', '4:3', '38;5;200', '48;2;1;2;3', '58;5;3', '9', '53', '2;3', '5;8', '39', '49'],
  ...['24', '27', '22', '92', '105', '38;5;3'],
];

const of = (...texts: readonly string[]) => fc.constantFrom(...texts);
const row = fc.integer({ min: 1, max: 26 });
const column = fc.integer({ min: 1, max: 56 });
const few = fc.nat(5);
const csi = (parameter: fc.Arbitrary<number | string>, final: string) =>
  parameter.map((value) => `\x1b[${value}${final}`);

const common = [
  { weight: 8, arbitrary: of(...PLAIN_WORDS) },
  { weight: 5, arbitrary: of('\r\n') },
  { weight: 3, arbitrary: csi(of(...SGR), 'm') },
  { weight: 2, arbitrary: fc.tuple(row, column).map(([y, x]) => `\x1b[${y};${x}H`) },
  { weight: 1, arbitrary: csi(of('', '1', '2'), 'K') },
  { weight: 1, arbitrary: csi(of('', '1', '2', '3'), 'J') },
  { weight: 1, arbitrary: fc.tuple(row, row).map(([top, bottom]) => `\x1b[${top};${bottom}r`) },
  // What xterm.js 6 keeps of an underline across these is its secret.
  { weight: 1, arbitrary: of('\x1b[24m\x1b7', '\x1b[24m\x1b[s', '\x1b8', '\x1b[u') },
  { weight: 1, arbitrary: of('\x1b(0', '\x1b(B', '\x1b)0', '\x0e', '\x0f', '\x1bn', '\x1b(A', '\x1b*0') },
  { weight: 1, arbitrary: of('h', 'l').map((final) => `\x1b[24m\x1b[?1049${final}`) },
  { weight: 1, arbitrary: of('47h', '47l', '1047l', '1048h').map((mode) => `\x1b[24m\x1b[?${mode}`) },
  {
    weight: 2,
    arbitrary: csi(of('?1', '?25', '?45', '?66', '?1000', '?1002', '?1003', '?1004', '?1006', '?2004'), 'h'),
  },
  { weight: 1, arbitrary: csi(of('?1', '?6', '?25', '?45', '?66', '?1000', '?1004', '?1006', '?2004', '?2026'), 'l') },
  { weight: 1, arbitrary: csi(of('?6', '?2026', '?9'), 'h') },
  { weight: 1, arbitrary: csi(few, 'P') },
  { weight: 1, arbitrary: csi(few, 'X') },
  { weight: 2, arbitrary: fc.tuple(few, of('L', 'M', 'S', 'T')).map(([count, final]) => `\x1b[${count}${final}`) },
  {
    weight: 1,
    arbitrary: fc.tuple(few, of('A', 'B', 'C', 'D', 'G', 'd', 'b', 'I', 'Z')).map(([n, f]) => `\x1b[${n}${f}`),
  },
  { weight: 1, arbitrary: csi(few, ' q') },
  { weight: 1, arbitrary: of('\x1bM', '\x1bD', '\x1bE', '\b', '\r', '\n', '\t') },
  { weight: 1, arbitrary: of('0', '1', '2').map((code) => `\x1b]${code};title\x07`) },
  { weight: 1, arbitrary: of('\x1b[1"q', '\x1b[0"q', '\x1b[?2J', '\x1b[?K', '\x1b=', '\x1b>', '\x1b[!p', '\x1b#8') },
  { weight: 1, arbitrary: of('\x1b[20h', '\x1b[20l', '\x1b]4;1;#123456\x07', '\x1b]10;#ffffff\x07', '\x1b]104\x07') },
  { weight: 1, arbitrary: of('\x1b]133;B\x07', '\x1b]133;C\x07') },
] as const;

/** Terminals of one size: whatever xterm.js knows, wherever it is cut. */
export const steadyStream = streamOf([
  ...common,
  { weight: 3, arbitrary: of(...WIDE_WORDS) },
  { weight: 2, arbitrary: of(...CLUSTERS) },
  { weight: 1, arbitrary: of('\x1bH', '\x1b[3g', '\x1b[g') },
  { weight: 1, arbitrary: of('', 'id=x').map((id) => `\x1b]8;${id};http://a/\x1b\\linked text\x1b]8;;\x1b\\`) },
]);

/** Narrow characters, but for insert mode and inserted characters: with those wide ones come apart. */
export const insertingStream = streamOf([
  ...common,
  { weight: 2, arbitrary: of('\x1b[4h', '\x1b[4l', '\x1b[?7l', '\x1b[?7h') },
  { weight: 2, arbitrary: csi(few, '@') },
  { weight: 1, arbitrary: of('\x1b[ @', '\x1b[2 A') },
]);

/** With other sizes in between. Programs on the alternate screen draw it anew then, so it is empty. */
export const resizedStream = streamOf([
  ...common,
  { weight: 2, arbitrary: of(...WIDE_WORDS) },
  { weight: 2, arbitrary: fc.record({ cols: fc.integer({ min: 4, max: 60 }), rows: fc.integer({ min: 3, max: 26 }) }) },
]);

function streamOf(arbitraries: readonly { weight: number; arbitrary: fc.Arbitrary<string | TerminalSize> }[]) {
  const event = fc
    .oneof(...arbitraries)
    .map((drawn): StreamEvent => (typeof drawn === 'string' ? { text: drawn } : { size: drawn }));
  return (maxLength: number) => fc.array(event, { maxLength, size: 'max' });
}
