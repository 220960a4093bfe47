/**
 * Rebuilds the inside of `host` only when `key` changed, so that focus and selection survive state messages. When it
 * does rebuild, the keyboard stays on the control at the same place.
 */
export function keyed(host: HTMLElement, key: unknown, build: () => readonly (Node | string)[]): boolean {
  const text = JSON.stringify(key);
  if (host.dataset.key === text) return false;
  host.dataset.key = text;
  const focused = [...host.querySelectorAll('button')].indexOf(document.activeElement as HTMLButtonElement);
  host.replaceChildren(...build());
  if (focused >= 0) host.querySelectorAll('button')[focused]?.focus();
  return true;
}
