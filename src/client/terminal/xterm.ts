import { FitAddon } from '@xterm/addon-fit';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import xtermCss from '@xterm/xterm/css/xterm.css?inline';
import { boundCounts } from '../../../protocol/bound-counts.ts';
import { boundLinks } from '../../../protocol/bound-links.ts';
import { SCROLLBACK_LINES } from '../../../protocol/limits.ts';
import { PALETTE } from '../../../protocol/palette.ts';
import { adoptStyles } from '../dom/adopt-styles.ts';

/** Loaded on first use, in a chunk of its own: everything of xterm.js that the page needs. */
export function createXterm({ screenReader }: { screenReader: boolean }): { terminal: Terminal; fit: FitAddon } {
  adoptStyles('xterm', xtermCss);
  const terminal = new Terminal({
    allowProposedApi: true,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
    fontSize: 14,
    lineHeight: 1.25,
    linkHandler: { activate: (_event, uri) => openLink(uri), allowNonHttpProtocols: false },
    minimumContrastRatio: 4.5,
    screenReaderMode: screenReader,
    scrollback: SCROLLBACK_LINES,
    theme: PALETTE,
  });
  boundCounts(terminal);
  boundLinks(terminal);
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(new UnicodeGraphemesAddon());
  terminal.loadAddon(new WebLinksAddon((_event, uri) => openLink(uri)));
  return { terminal, fit };
}

function openLink(uri: string): void {
  open(uri, '_blank', 'noopener,noreferrer');
}
