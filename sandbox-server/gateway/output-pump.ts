import { encodeFrame } from '../../protocol/frames.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { Place } from '../sandboxes/recording.ts';
import type { Sandbox } from '../sandboxes/sandbox.ts';
import type { Piece, TerminalView } from '../sandboxes/terminal-view.ts';
import type { Outbox } from './outbox.ts';

export interface OutputPumpOptions {
  readonly sandbox: Sandbox;
  /** The page's own name. */
  readonly page: string;
  /** By terminal: where the page stands. */
  readonly places: Readonly<Record<string, Place>>;
  readonly outbox: Outbox;
  onReady(): void;
  /** So many bytes of the terminal of this index were handed to the socket. */
  onSent(terminal: number, bytes: number): void;
  onInputApplied(terminal: string, offset: number): void;
}

/** Takes what happens in one sandbox's terminals to one page, turn by turn, as fast as the page can follow. */
export class OutputPump implements Disposable {
  readonly sandbox: Sandbox;
  readonly #outbox: Outbox;
  readonly #onSent: OutputPumpOptions['onSent'];
  readonly #views: readonly { readonly id: string; readonly view: TerminalView }[];

  constructor({ sandbox, page, places, outbox, onReady, onSent, onInputApplied }: OutputPumpOptions) {
    this.sandbox = sandbox;
    this.#outbox = outbox;
    this.#onSent = onSent;
    this.#views = sandbox.terminals.map((terminal) => {
      const { id } = terminal;
      const from = Object.hasOwn(places, id) ? places[id] : undefined;
      const view = terminal.view({ page, from, onReady, onInputApplied: (offset) => onInputApplied(id, offset) });
      return { id, view };
    });
  }

  /** In the order of the sandbox's terminals. */
  get views(): readonly TerminalView[] {
    return this.#views.map(({ view }) => view);
  }

  view(terminal: string): TerminalView | undefined {
    return this.#views.find(({ id }) => id === terminal)?.view;
  }

  /** Sends until the pages' terminals have all they may have, or the socket is full. */
  run(): void {
    let isMoving = true;
    while (isMoving) {
      isMoving = false;
      for (const [index, { id, view }] of this.#views.entries()) {
        if (!this.#outbox.hasRoom) return;
        if (this.#sendNext(index, id, view)) isMoving = true;
      }
    }
  }

  [Symbol.dispose](): void {
    for (const { view } of this.#views) view[Symbol.dispose]();
  }

  #sendNext(index: number, terminal: string, view: TerminalView): boolean {
    const piece = view.take();
    if (piece === undefined) return false;
    this.#outbox.send(encode(piece, { terminal, index, epoch: this.sandbox.epoch }));
    if (piece.kind === 'output') this.#onSent(index, piece.bytes.length);
    return true;
  }
}

interface Addressee {
  readonly terminal: string;
  readonly index: number;
  readonly epoch: number;
}

function encode(piece: Piece, { terminal, index, epoch }: Addressee): string | Uint8Array {
  switch (piece.kind) {
    case 'output':
      return encodeFrame({ kind: 'output', terminal: index, epoch, offset: piece.offset, bytes: piece.bytes });
    case 'screenBytes':
      return encodeFrame({ kind: 'screen', terminal: index, epoch, offset: piece.position, bytes: piece.bytes });
    case 'size': {
      const { number: size, offset, cols, rows } = piece.size;
      return text({ type: 'size', epoch, terminal, offset, size, cols, rows });
    }
    case 'screen': {
      const { offset, size, cols, rows, bytes } = piece.base;
      return text({ type: 'screen', epoch, terminal, offset, size, cols, rows, bytes: bytes.length });
    }
  }
}

function text(message: ServerMessage): string {
  return JSON.stringify(message);
}
