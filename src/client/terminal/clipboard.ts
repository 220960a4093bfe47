/** Ctrl+Shift+C and Ctrl+Insert, because Ctrl+C belongs to the program in the terminal. ⌘C works by itself. */
export function isCopyKey(event: KeyboardEvent): boolean {
  if (event.altKey || event.metaKey || !event.ctrlKey) return false;
  return (event.shiftKey && event.code === 'KeyC') || (!event.shiftKey && event.key === 'Insert');
}

/** Left to the browser, which then fires a paste event that xterm.js turns into (bracketed) input. */
export function isPasteKey(event: KeyboardEvent): boolean {
  if (event.altKey || event.metaKey) return false;
  return (event.ctrlKey && event.shiftKey && event.code === 'KeyV') || (event.shiftKey && event.key === 'Insert');
}

/** Over plain HTTP on a LAN there is no navigator.clipboard; the focused terminal then answers the copy event. */
export function copySelection(text: string): void {
  if (navigator.clipboard) void navigator.clipboard.writeText(text).catch(() => document.execCommand('copy'));
  else document.execCommand('copy');
}
