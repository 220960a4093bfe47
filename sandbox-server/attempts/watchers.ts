import type { LearnerErrorCode } from '../errors.ts';

/** A page that shows an attempt. */
export interface Watcher {
  /** `state()` or `sandbox` is not what it was. */
  changed(): void;
  failed(code: LearnerErrorCode): void;
}

/** The pages that show one attempt, told together. */
export class Watchers implements Watcher {
  readonly #watchers = new Set<Watcher>();
  #unwatchedSince = Date.now();

  get count(): number {
    return this.#watchers.size;
  }

  add(watcher: Watcher): void {
    this.#watchers.add(watcher);
  }

  /** True when it was the last one. */
  remove(watcher: Watcher): boolean {
    if (!this.#watchers.delete(watcher) || this.#watchers.size > 0) return false;
    this.#unwatchedSince = Date.now();
    return true;
  }

  /** How long nobody has looked. */
  unwatchedMs(now: number): number {
    return this.#watchers.size > 0 ? 0 : now - this.#unwatchedSince;
  }

  changed(): void {
    for (const watcher of this.#watchers) watcher.changed();
  }

  failed(code: LearnerErrorCode): void {
    for (const watcher of this.#watchers) watcher.failed(code);
  }
}
