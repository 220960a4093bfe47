import type { CoreLine, CoreLook } from './xterm-core.ts';

/** How xterm.js packs colours and flags (common/buffer/Constants.ts). */
const COLOUR_MODE = 0x3000000;
const MODE_16 = 0x1000000;
const MODE_256 = 0x2000000;
const PALETTE_MASK = 0xff;
const RGB_MASK = 0xffffff;
const FG_FLAGS = { inverse: 1 << 26, bold: 1 << 27, underline: 1 << 28, blink: 1 << 29, invisible: 1 << 30 } as const;
const STRIKETHROUGH = 0x80000000;
const BG_FLAGS = { italic: 1 << 26, dim: 1 << 27, hasExtended: 1 << 28, isProtected: 1 << 29, overline: 1 << 30 };
const UNDERLINE_STYLE_SHIFT = 26;
const UNDERLINE_STYLE_MASK = 7;

/** How a character is drawn: what SGR, DECSCA and OSC 8 set, and nothing that cannot be seen. */
export interface Look {
  readonly sgr: string;
  readonly isProtected: boolean;
  /** xterm.js's number of a hyperlink; 0 for none. */
  readonly link: number;
}

export const PLAIN: Look = { sgr: '', isProtected: false, link: 0 };

/** What erasing leaves behind has a background and nothing else. */
export function isErased(line: CoreLine, column: number): boolean {
  return line.getFg(column) === 0 && (line.getBg(column) & ~(COLOUR_MODE | RGB_MASK)) === 0;
}

let last = { fg: 0, bg: 0, look: PLAIN };

export function lookOf({ fg, bg, extended }: CoreLook): Look {
  if (fg === 0 && bg === 0) return PLAIN;
  // Neighbours mostly look alike.
  if (fg === last.fg && bg === last.bg) return last.look;
  const look = makeLook({ fg, bg, extended });
  if (!(bg & BG_FLAGS.hasExtended)) last = { fg, bg, look };
  return look;
}

function makeLook({ fg, bg, extended }: CoreLook): Look {
  const ext = bg & BG_FLAGS.hasExtended ? (extended?._ext ?? 0) : 0;
  const link = bg & BG_FLAGS.hasExtended ? (extended?.urlId ?? 0) : 0;
  const underline = fg & FG_FLAGS.underline ? (ext >>> UNDERLINE_STYLE_SHIFT) & UNDERLINE_STYLE_MASK : 0;
  const codes = [
    ...(fg & FG_FLAGS.bold ? ['1'] : []),
    ...(bg & BG_FLAGS.dim ? ['2'] : []),
    ...(bg & BG_FLAGS.italic ? ['3'] : []),
    ...(underline === 0 ? [] : [underline === 1 ? '4' : `4:${underline}`]),
    ...(fg & FG_FLAGS.blink ? ['5'] : []),
    ...(fg & FG_FLAGS.inverse ? ['7'] : []),
    ...(fg & FG_FLAGS.invisible ? ['8'] : []),
    ...(fg & STRIKETHROUGH ? ['9'] : []),
    ...(bg & BG_FLAGS.overline ? ['53'] : []),
    ...colour(fg, 30, 90, 38),
    ...colour(bg, 40, 100, 48),
    ...(underline === 0 ? [] : colour(ext, 0, 0, 58)),
  ];
  return { sgr: codes.join(';'), isProtected: (bg & BG_FLAGS.isProtected) !== 0, link };
}

/** DECSC keeps that text is underlined, and not how. */
export function savedLook({ fg, bg, extended }: CoreLook): Look {
  const look = lookOf({ fg: fg & ~FG_FLAGS.underline, bg, extended });
  const codes = [look.sgr, ...(fg & FG_FLAGS.underline ? ['4'] : [])].filter((code) => code !== '');
  return { ...look, sgr: codes.join(';'), link: 0 };
}

/** The colour that a later underline would have: set, and not to be seen yet. */
export function nextUnderlineColour({ extended }: CoreLook): string {
  return colour(extended?._ext ?? 0, 0, 0, 58).join('');
}

export function lookAt(line: CoreLine, column: number): Look {
  return lookOf({ fg: line.getFg(column), bg: line.getBg(column), extended: line._extendedAttrs[column] });
}

function colour(packed: number, dark: number, bright: number, extended: number): string[] {
  const index = packed & PALETTE_MASK;
  switch (packed & COLOUR_MODE) {
    case 0:
      return [];
    case MODE_16:
      return [String(index < 8 ? dark + index : bright + index - 8)];
    case MODE_256:
      return [`${extended};5;${index}`];
    default:
      return [`${extended};2;${(packed >>> 16) & 0xff};${(packed >>> 8) & 0xff};${index}`];
  }
}
