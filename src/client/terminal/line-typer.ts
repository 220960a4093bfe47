/** A shell that has not begun a command by then waits for more of it, as inside a here-document. */
const CONTINUATION_MS = 1_000;

/**
 * Types the lines of a block as a person would: the next one when the prompt is back. Typed ahead, they would be lost
 * to programs that empty their input when they begin or end, as sudo does. The shell says where it is (OSC 133).
 */
export class LineTyper {
  readonly #send: (line: string) => void;
  #lines: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (line: string) => void) {
    this.#send = send;
  }

  /** Also in place of what an earlier block has left. */
  enter(lines: readonly string[]): void {
    this.#lines = [...lines];
    this.#next();
  }

  /** OSC 133;C: the line was a whole command, and it runs. */
  commandStarted(): void {
    clearTimeout(this.#timer);
  }

  /** OSC 133;B: the prompt is back. */
  promptShown(): void {
    this.#next();
  }

  /** The learner interrupts, or the shell is gone: what was to come is not typed. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#lines = [];
  }

  #next(): void {
    clearTimeout(this.#timer);
    const line = this.#lines.shift();
    if (line === undefined) return;
    this.#send(line);
    if (this.#lines.length > 0) this.#timer = setTimeout(() => this.#next(), CONTINUATION_MS);
  }
}
