import type { AstroExpressiveCodeOptions } from 'astro-expressive-code';
import { localeOfContentFile } from '../locale/content-path.ts';
import { CODE_THEMES } from './code-themes.ts';
import { commandBlocks } from './command-blocks.ts';

/** How code fences look. Frames are ours (command-blocks.ts): smaller, and they know how to run a command. */
export const codeBlockOptions: AstroExpressiveCodeOptions = {
  themes: CODE_THEMES,
  themeCssSelector: (theme) => `[data-theme='${theme.type}']`,
  useDarkModeMediaQuery: true,
  defaultProps: { wrap: true, hangingIndent: 2 },
  useStyleReset: false,
  frames: false,
  textMarkers: false,
  plugins: [commandBlocks()],
  getBlockLocale: ({ file }) => localeOfContentFile(file.path ?? ''),
  styleOverrides: {
    borderRadius: '0',
    borderWidth: '0',
    codeFontFamily: 'var(--mono)',
    codeFontSize: '0.875rem',
    codeLineHeight: '1.65',
    codePaddingBlock: '0.85rem',
    codePaddingInline: '1.1rem',
    uiFontFamily: 'inherit',
    focusBorder: 'var(--sea)',
  },
};
