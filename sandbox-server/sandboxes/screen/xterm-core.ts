import graphemes from '@xterm/addon-unicode-graphemes';
import headless from '@xterm/headless';
import { boundCounts } from '../../../protocol/bound-counts.ts';
import { boundLinks } from '../../../protocol/bound-links.ts';
import { SCROLLBACK_LINES } from '../../../protocol/limits.ts';
import { mendErase, type TerminalSize } from '../../../protocol/terminal-copy.ts';

/**
 * What a snapshot needs of xterm.js and its public API does not tell. Known to hold for @xterm/headless 6.0.0, which
 * package.json pins; exact.test.ts fails when another version differs.
 */
export interface XtermCore {
  readonly cols: number;
  readonly rows: number;
  readonly buffers: { readonly normal: CoreBuffer; readonly alt: CoreBuffer; readonly active: CoreBuffer };
  readonly coreService: {
    readonly isCursorHidden: boolean;
    readonly modes: { readonly insertMode: boolean };
    readonly decPrivateModes: {
      readonly applicationCursorKeys: boolean;
      readonly applicationKeypad: boolean;
      readonly bracketedPasteMode: boolean;
      readonly cursorBlink: boolean | undefined;
      readonly cursorStyle: 'block' | 'underline' | 'bar' | undefined;
      readonly origin: boolean;
      readonly reverseWraparound: boolean;
      readonly sendFocus: boolean;
      readonly synchronizedOutput: boolean;
      readonly wraparound: boolean;
    };
    readonly onData: (listener: (data: string) => void) => unknown;
  };
  readonly coreMouseService: { readonly activeProtocol: string; readonly activeEncoding: string };
  readonly optionsService: { readonly options: { readonly convertEol: boolean; readonly cursorBlink: boolean } };
  readonly unicodeService: { charProperties(codePoint: number, preceding: number): number };
  readonly _charsetService: {
    readonly charset: Charset | undefined;
    readonly glevel: number;
    readonly _charsets: readonly (Charset | undefined)[];
  };
  readonly _oscLinkService: { getLinkData(id: number): { readonly id?: string; readonly uri: string } | undefined };
  readonly _inputHandler: {
    readonly _curAttrData: CoreLook;
    readonly _windowTitle: string;
    readonly _iconName: string;
    readonly _parser: { readonly currentState: number; readonly precedingJoinState: number };
    readonly onColor: (listener: (requests: readonly ColourRequest[]) => void) => unknown;
    /** Synchronous as long as no handler returns a promise; ours do not. */
    parse(data: string): void;
    selectCharset(collected: string): boolean;
  };
}

export type Charset = Readonly<Record<string, string>>;

export interface CoreBuffer {
  readonly lines: { readonly length: number; get(index: number): CoreLine | undefined };
  readonly x: number;
  readonly y: number;
  readonly ybase: number;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly tabs: Readonly<Record<number, boolean | undefined>>;
  readonly savedX: number;
  /** Counted from the oldest line of scrollback. */
  readonly savedY: number;
  readonly savedCurAttrData: CoreLook;
  readonly savedCharset: Charset | undefined;
}

export interface CoreLine {
  readonly isWrapped: boolean;
  getWidth(column: number): number;
  getString(column: number): string;
  getFg(column: number): number;
  getBg(column: number): number;
  readonly _extendedAttrs: Readonly<Record<number, CoreLook['extended'] | undefined>>;
}

/** Colours and flags of a cell or of the cursor, packed as in look.ts. */
export interface CoreLook {
  readonly fg: number;
  readonly bg: number;
  readonly extended: { readonly _ext: number; readonly urlId: number } | undefined;
}

export const COLOUR_REQUEST = { report: 0, set: 1, restore: 2 } as const;

export interface ColourRequest {
  readonly type: (typeof COLOUR_REQUEST)[keyof typeof COLOUR_REQUEST];
  /** 0 to 255, then foreground, background, cursor; `undefined` restores 0 to 255. */
  readonly index?: number;
  readonly color?: readonly [number, number, number];
}

export const PARSER_STATE = { ground: 0 } as const;

/** A terminal without a window, in all that matters like the one in a page (src/client/terminal/xterm.ts). */
export function openHeadless(size: TerminalSize): { terminal: headless.Terminal; core: XtermCore } {
  const terminal = new headless.Terminal({ ...size, allowProposedApi: true, scrollback: SCROLLBACK_LINES });
  // The add-on asks for no more of a terminal than its Unicode service.
  terminal.loadAddon(new graphemes.UnicodeGraphemesAddon() as unknown as headless.ITerminalAddon);
  mendErase(terminal);
  boundCounts(terminal);
  boundLinks(terminal);
  return { terminal, core: (terminal as unknown as { readonly _core: XtermCore })._core };
}
