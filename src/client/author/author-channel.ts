import type { AuthorState, AuthorSubject } from '../../../protocol/author.ts';

/** What the author's panel hears of one lab, and asks for. The browser connects again by itself. */
export class AuthorChannel {
  readonly lab: string;
  readonly #events: EventSource;

  constructor(lab: string, onState: (state: AuthorState) => void) {
    this.lab = lab;
    this.#events = new EventSource(this.#path('events'));
    this.#events.addEventListener('message', ({ data }) => onState(JSON.parse(data) as AuthorState));
  }

  close(): void {
    this.#events.close();
  }

  /** Resolves to what went wrong, or null. */
  probe({ kind, step, id }: AuthorSubject): Promise<string | null> {
    return this.#post('probe', { kind, step, id });
  }

  reset(): Promise<string | null> {
    return this.#post('reset', {});
  }

  async #post(action: 'probe' | 'reset', body: unknown): Promise<string | null> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.#path(action), { method: 'POST', headers, body: JSON.stringify(body) });
    if (response.ok) return null;
    const answer = (await response.json().catch(() => null)) as { message?: string } | null;
    return answer?.message ?? `The server answered ${response.status}.`;
  }

  #path(what: string): string {
    return `/author/labs/${encodeURIComponent(this.lab)}/${what}`;
  }
}
