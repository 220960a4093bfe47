/** Rebuilds the inside of `host` only when `key` changed, so that focus and selection survive state messages. */
export function keyed(host: HTMLElement, key: unknown, build: () => readonly (Node | string)[]): boolean {
  const text = JSON.stringify(key);
  if (host.dataset.key === text) return false;
  host.dataset.key = text;
  host.replaceChildren(...build());
  return true;
}
