import type { Terminal } from '@xterm/xterm';
import { applySize, EMPTY_TERMINAL, type TerminalSize } from '../../../protocol/terminal-copy.ts';

type Item =
  | { readonly kind: 'text'; readonly text: string; readonly done: () => void }
  | { readonly kind: 'size'; readonly size: TerminalSize };

/**
 * What happens to a terminal, in the order in which it happened: output, and other sizes in between, each taken when all
 * before it was parsed. May be filled before xterm.js has loaded; the protocol's flow control bounds what waits, because
 * nothing is acknowledged until it was parsed.
 */
export class TerminalFeed {
  readonly #onSize: (size: TerminalSize) => void;
  #terminal: Terminal | undefined;
  #queue: Item[] = [];
  /** Handed to xterm.js, and not parsed yet. */
  #parsing = 0;
  /** Not xterm.js's own: version 6 loses a character that two chunks share after a byte of 0x80. */
  #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(onSize: (size: TerminalSize) => void) {
    this.#onSize = onSize;
  }

  attach(terminal: Terminal): void {
    this.#terminal = terminal;
    this.#run();
  }

  write(bytes: Uint8Array, done: () => void): void {
    this.#add({ kind: 'text', text: this.#decoder.decode(bytes, { stream: true }), done });
  }

  resize(size: TerminalSize): void {
    this.#add({ kind: 'size', size });
  }

  /** Forgets everything there was. */
  beginAnew(size: TerminalSize): void {
    this.#decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    this.#add({ kind: 'text', text: EMPTY_TERMINAL, done: () => {} });
    this.resize(size);
  }

  #add(item: Item): void {
    this.#queue.push(item);
    this.#run();
  }

  #run(): void {
    const terminal = this.#terminal;
    if (!terminal) return;
    for (let item = this.#queue[0]; item !== undefined; item = this.#queue[0]) {
      if (item.kind === 'size' && this.#parsing > 0) return;
      this.#queue.shift();
      if (item.kind === 'size') this.#resize(terminal, item.size);
      else this.#write(terminal, item.text, item.done);
    }
  }

  #resize(terminal: Terminal, size: TerminalSize): void {
    applySize(terminal, size);
    this.#onSize(size);
  }

  #write(terminal: Terminal, text: string, done: () => void): void {
    this.#parsing += 1;
    terminal.write(text, () => {
      this.#parsing -= 1;
      done();
      this.#run();
    });
  }
}
