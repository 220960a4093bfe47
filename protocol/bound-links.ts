/** Marks that xterm.js may keep for links (OSC 8) in one buffer: a link has one on each line it is on. */
export const MAX_LINK_MARKS = 5_000;

/** Not public. */
interface Internals {
  readonly _core: {
    readonly buffers: { readonly active: { readonly markers: readonly unknown[] } };
    readonly _oscLinkService: {
      registerLink(link: object): number;
      addLineToLink(link: number, line: number): void;
    };
  };
}

const NO_LINK = 0;

/**
 * Every line that scrolls away or is deleted is told to every mark, and dropping all of them takes time by the square of
 * their number: with a hundred thousand links, which are a megabyte, one newline stops a terminal for half a minute.
 * A link beyond the bound is text, until others have scrolled away.
 */
export function boundLinks(terminal: object): void {
  const { buffers, _oscLinkService: links } = (terminal as Internals)._core;
  const { registerLink, addLineToLink } = links;
  const isFull = () => buffers.active.markers.length >= MAX_LINK_MARKS;
  links.registerLink = (link) => (isFull() ? NO_LINK : registerLink.call(links, link));
  links.addLineToLink = (link, line) => {
    if (!isFull()) addLineToLink.call(links, link, line);
  };
}
