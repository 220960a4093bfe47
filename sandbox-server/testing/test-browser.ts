import { once } from 'node:events';
import { WebSocket } from 'ws';
import { PROTOCOL_VERSION, WEBSOCKET_PATH } from '../../protocol/limits.ts';
import { TestPage, type TestPageOptions } from './test-page.ts';

export interface TestBrowserOptions {
  readonly origin: string;
  readonly lab: string;
}

/** A browser as the server sees one: a cookie, and pages. */
export class TestBrowser {
  readonly origin: string;
  readonly lab: string;
  cookie: string | undefined;
  /** Where its WebSockets go, if not straight to the server. */
  through: string | undefined;

  constructor({ origin, lab }: TestBrowserOptions) {
    this.origin = origin;
    this.lab = lab;
  }

  post(body: unknown = { lab: this.lab }, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.origin}/api/attempts`, {
      method: 'POST',
      headers: {
        origin: this.origin,
        'content-type': 'application/json',
        ...(this.cookie !== undefined && { cookie: this.cookie }),
        ...headers,
      },
      body: JSON.stringify(body),
    });
  }

  async ticket(): Promise<string> {
    const response = await this.post();
    this.cookie ??= response.headers.get('set-cookie')?.split(';')[0];
    const { ticket } = (await response.json()) as { ticket: string };
    return ticket;
  }

  /** A WebSocket that has not said anything yet. */
  socket(headers: Record<string, string> = {}, { autoPong = true } = {}): WebSocket {
    const origin = this.through ?? this.origin;
    return new WebSocket(`${origin.replace('http', 'ws')}${WEBSOCKET_PATH}`, {
      autoPong,
      headers: { origin, ...(this.cookie !== undefined && { cookie: this.cookie }), ...headers },
    });
  }

  /** A page that has said hello. */
  async open(options: TestPageOptions = {}): Promise<TestPage> {
    const ticket = options.ticket ?? (await this.ticket());
    const socket = this.socket();
    const page = new TestPage(socket, options);
    await once(socket, 'open');
    const resume = options.resume ?? options.continues?.resume ?? null;
    page.send({ type: 'hello', protocol: PROTOCOL_VERSION, ticket, page: page.name, resume });
    return page;
  }
}
