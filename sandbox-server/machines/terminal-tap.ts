import assert from 'node:assert/strict';
import type { MachineTerminal } from './driver.ts';

/** A terminal's only listener in tests: keeps what came, checks that offsets are consecutive, wakes who waits for it. */
export class TerminalTap {
  firstOffset: number | undefined;
  /** Most output that was ever held back by not acknowledging it. */
  mostUnacknowledged = 0;
  readonly #terminal: MachineTerminal;
  readonly #chunks: Buffer[] = [];
  readonly #waiters = new Set<() => void>();
  #end = 0;
  #acknowledged = 0;
  #acknowledges: boolean;
  #inputNext = 0;
  #inputApplied = 0;
  #status: 'open' | 'closed';
  #gap: string | undefined;

  constructor(terminal: MachineTerminal, { acknowledge = true, from = 0 } = {}) {
    this.#terminal = terminal;
    this.#end = Math.max(from, terminal.outputStart);
    this.#acknowledged = this.#end;
    this.#inputNext = terminal.inputApplied;
    this.#inputApplied = terminal.inputApplied;
    this.#acknowledges = acknowledge;
    this.#status = terminal.status;
    const events = {
      output: (offset: number, bytes: Uint8Array) => this.#output(offset, bytes),
      inputApplied: (offset: number) => {
        this.#inputApplied = Math.max(this.#inputApplied, offset);
        this.#wake();
      },
      status: (status: 'open' | 'closed') => {
        this.#status = status;
        this.#wake();
      },
    };
    terminal.listen(events, { from });
  }

  get end(): number {
    return this.#end;
  }

  get text(): string {
    return withoutMarks(Buffer.concat(this.#chunks));
  }

  acknowledgeFromNowOn(): void {
    this.#acknowledges = true;
    this.#acknowledge();
  }

  continueInputAt(offset: number): void {
    this.#inputNext = offset;
  }

  /** Resolves once the guest has applied it. */
  async type(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    this.#terminal.write(this.#inputNext, bytes);
    this.#inputNext += bytes.length;
    await this.applied(this.#inputNext);
  }

  applied(offset: number): Promise<void> {
    return this.#until(() => this.#inputApplied >= offset);
  }

  received(offset: number): Promise<void> {
    return this.#until(() => this.#end >= offset);
  }

  status(status: 'open' | 'closed'): Promise<void> {
    return this.#until(() => this.#status === status);
  }

  /** The last part of the output is enough to look at: a marker comes last. */
  seen(pattern: RegExp): Promise<void> {
    return this.#until(() => pattern.test(withoutMarks(Buffer.concat(this.#chunks.slice(-8)))));
  }

  #output(offset: number, bytes: Uint8Array): void {
    this.firstOffset ??= offset;
    if (offset !== this.#end) this.#gap ??= `output went on at ${offset} where ${this.#end} was due`;
    this.#chunks.push(Buffer.from(bytes));
    this.#end = offset + bytes.length;
    this.mostUnacknowledged = Math.max(this.mostUnacknowledged, this.#end - this.#acknowledged);
    if (this.#acknowledges) this.#acknowledge();
    this.#wake();
  }

  #acknowledge(): void {
    this.#acknowledged = this.#end;
    this.#terminal.acknowledge(this.#end);
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      assert.equal(this.#gap, undefined);
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
    assert.equal(this.#gap, undefined);
  }

  #wake(): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const resolve of waiters) resolve();
  }
}

/** A real shell marks where prompts and output begin (OSC 133), bash also its bracketed paste. */
function withoutMarks(output: Buffer): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it removes
  return output.toString().replace(/\x1b\][^\x07]*\x07|\x1b\[\?2004[hl]/g, '');
}
