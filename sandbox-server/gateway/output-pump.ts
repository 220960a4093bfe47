import { encodeFrame } from '../../protocol/frames.ts';
import type { Sandbox } from '../sandboxes/sandbox.ts';
import type { TerminalView } from '../sandboxes/terminal-view.ts';
import type { Outbox } from './outbox.ts';

export interface OutputPumpOptions {
  readonly sandbox: Sandbox;
  /** By terminal: what the page already has. */
  readonly offsets: Readonly<Record<string, number>>;
  readonly outbox: Outbox;
  onReady(): void;
  /** So many bytes of the terminal of this index were handed to the socket. */
  onSent(terminal: number, bytes: number): void;
}

/** Takes the output of one sandbox's terminals to one page, turn by turn, as fast as the page can follow. */
export class OutputPump implements Disposable {
  readonly sandbox: Sandbox;
  readonly #outbox: Outbox;
  readonly #onSent: OutputPumpOptions['onSent'];
  readonly #views: readonly { readonly id: string; readonly view: TerminalView }[];

  constructor({ sandbox, offsets, outbox, onReady, onSent }: OutputPumpOptions) {
    this.sandbox = sandbox;
    this.#outbox = outbox;
    this.#onSent = onSent;
    this.#views = sandbox.terminals.map((terminal) => {
      const from = Object.hasOwn(offsets, terminal.id) ? offsets[terminal.id] : undefined;
      return { id: terminal.id, view: terminal.view(from, onReady) };
    });
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

  /** False for a terminal that is not there, or an offset that was never sent. */
  acknowledge(terminal: string, offset: number): boolean {
    return this.#views.find(({ id }) => id === terminal)?.view.acknowledge(offset) ?? false;
  }

  [Symbol.dispose](): void {
    for (const { view } of this.#views) view[Symbol.dispose]();
  }

  #sendNext(index: number, terminal: string, view: TerminalView): boolean {
    const piece = view.take();
    if (piece === undefined) return false;
    const { epoch } = this.sandbox;
    const { offset } = piece;
    if (piece.kind === 'resync') {
      this.#outbox.send(JSON.stringify({ type: 'resync', epoch, terminal, offset }));
    } else {
      this.#outbox.send(encodeFrame({ kind: 'output', terminal: index, epoch, offset, bytes: piece.bytes }));
      this.#onSent(index, piece.bytes.length);
    }
    return true;
  }
}
