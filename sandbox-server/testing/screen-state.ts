import { charsetName } from '../sandboxes/screen/charsets.ts';
import { type Look, lookAt, lookOf, savedLook } from '../sandboxes/screen/look.ts';
import type { CoreBuffer, CoreLine, XtermCore } from '../sandboxes/screen/xterm-core.ts';

/** Everything about a terminal that can be seen now or later, in a form that two of them can be compared by. */
export function screenState(core: XtermCore, { links = true } = {}) {
  const { normal, alt, active } = core.buffers;
  const { modes, decPrivateModes, isCursorHidden } = core.coreService;
  const handler = core._inputHandler;
  const { charset, glevel, _charsets } = core._charsetService;
  return {
    size: [core.cols, core.rows],
    buffer: active === alt ? 'alternate' : 'normal',
    normal: bufferState(core, normal, { isActive: active === normal, links }),
    alt: bufferState(core, alt, { isActive: active === alt, links }),
    look: describe(core, lookOf(handler._curAttrData), links),
    modes: { ...modes, ...decPrivateModes, isCursorHidden },
    convertEol: core.optionsService.options.convertEol,
    mouse: [core.coreMouseService.activeProtocol, core.coreMouseService.activeEncoding],
    charsets: { glevel, now: charsetName(charset), all: [0, 1, 2, 3].map((slot) => charsetName(_charsets[slot])) },
    titles: [handler._windowTitle, handler._iconName],
  };
}

export type ScreenState = ReturnType<typeof screenState>;

function bufferState(core: XtermCore, buffer: CoreBuffer, { isActive, links }: { isActive: boolean; links: boolean }) {
  const { lines, ybase, scrollTop, scrollBottom, savedX, savedY, savedCurAttrData, savedCharset, tabs } = buffer;
  return {
    lines: Array.from({ length: lines.length }, (_, index) => lineState(core, lines.get(index) as CoreLine, links)),
    // Where the cursor comes back to a buffer, it takes the column it had in the other.
    cursor: isActive ? [buffer.x, buffer.y] : [buffer.y],
    ...{ ybase, scrollTop, scrollBottom },
    tabs: Object.keys(tabs).filter((column) => tabs[Number(column)] && Number(column) < core.cols),
    saved: {
      x: Math.min(savedX, core.cols),
      y: savedY,
      look: savedLook(savedCurAttrData),
      charset: charsetName(savedCharset),
    },
  };
}

/** Runs of characters that look the same; blanks after the last run are left out. */
function lineState(core: XtermCore, line: CoreLine, links: boolean): string {
  const runs: { text: string; look: string }[] = [];
  for (let column = 0; column < core.cols; ) {
    const width = line.getWidth(column);
    const written = line.getString(column);
    // Half of a wide character, cut off by the edge, is as good as a blank.
    const text = column + width > core.cols ? '' : written;
    const isHalf = text === '' && width !== 1;
    const look = isHalf ? background(line, column) : describe(core, lookAt(line, column), links && text !== '');
    // A blank is '·'; a space is a space.
    const shown = text === '' ? '·' : width === 2 ? `${text}‖` : text;
    const last = runs.at(-1);
    if (last?.look === look) last.text += shown;
    else runs.push({ text: shown, look });
    column += text === '' ? 1 : Math.max(1, width);
  }
  const last = runs.at(-1);
  if (last?.look === '') last.text = last.text.replace(/·+$/, '');
  const text = runs.map(({ text, look }) => (look === '' ? text : `{${look}|${text}}`)).join('');
  return `${line.isWrapped ? '↳' : ''}${text}`;
}

function background(line: CoreLine, column: number): string {
  return lookOf({ fg: 0, bg: line.getBg(column) & 0x3ffffff, extended: undefined }).sgr;
}

function describe(core: XtermCore, { sgr, isProtected, link }: Look, links: boolean): string {
  const data = link === 0 || !links ? undefined : core._oscLinkService.getLinkData(link);
  const target = data === undefined ? '' : ` →${data.id ?? ''};${data.uri}`;
  return `${sgr}${isProtected ? ' protected' : ''}${target}`;
}
