import { PALETTE } from '../../../protocol/palette.ts';
import { ST } from './pen.ts';
import { COLOUR_REQUEST, type ColourRequest } from './xterm-core.ts';

type Rgb = readonly [number, number, number];

const ANSI_NAMES = [
  ...(['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const),
  ...(['brightBlack', 'brightRed', 'brightGreen', 'brightYellow'] as const),
  ...(['brightBlue', 'brightMagenta', 'brightCyan', 'brightWhite'] as const),
];
const FIRST_SPECIAL = 256;
const SPECIAL = [
  { code: 10, name: 'foreground' },
  { code: 11, name: 'background' },
  { code: 12, name: 'cursor' },
] as const;

/** The colours that programs changed (OSC 4, 10, 11, 12), and what they are told when they ask for one. */
export class Colours {
  readonly #changed = new Map<number, Rgb>();

  /** Returns the answers. */
  take(requests: readonly ColourRequest[]): string[] {
    const answers: string[] = [];
    for (const { type, index, color } of requests) {
      if (type === COLOUR_REQUEST.report && index !== undefined) answers.push(this.#report(index));
      else if (type === COLOUR_REQUEST.set && index !== undefined && color !== undefined) {
        this.#changed.set(index, color);
      } else if (type === COLOUR_REQUEST.restore) this.#restore(index);
    }
    return answers;
  }

  /** Sequences that give a terminal of any past these colours. */
  paint(): string {
    const changed = [...this.#changed].map(([index, rgb]) => `\x1b]${name(index)};${format(rgb)}${ST}`);
    return [104, 110, 111, 112].map((code) => `\x1b]${code}${ST}`).join('') + changed.join('');
  }

  #report(index: number): string {
    return `\x1b]${name(index)};${format(this.#changed.get(index) ?? usual(index))}${ST}`;
  }

  #restore(index: number | undefined): void {
    if (index !== undefined) this.#changed.delete(index);
    else for (const known of [...this.#changed.keys()]) if (known < FIRST_SPECIAL) this.#changed.delete(known);
  }
}

function name(index: number): string {
  const special = SPECIAL[index - FIRST_SPECIAL];
  return special === undefined ? `4;${index}` : String(special.code);
}

/** As xterm.js answers: 16 bits for each colour. */
function format(rgb: Rgb): string {
  return `rgb:${rgb.map((value) => value.toString(16).padStart(2, '0').repeat(2)).join('/')}`;
}

/** The page's palette; from 16 on a cube of 6 × 6 × 6 and 24 greys, as in every terminal. */
function usual(index: number): Rgb {
  const special = SPECIAL[index - FIRST_SPECIAL];
  if (special !== undefined) return parse(PALETTE[special.name]);
  const ansi = ANSI_NAMES[index];
  if (ansi !== undefined) return parse(PALETTE[ansi]);
  if (index >= 232) return [8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10];
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)];
}

function parse(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}
