import { stripVTControlCharacters } from 'node:util';
import type { LabLine } from '../../labs/format/lab.ts';
import type { MachineTerminal } from '../../sandbox-server/machines/driver.ts';
import { type PromptMark, PromptMarks } from './prompt-marks.ts';

/** What typing one line showed. */
export interface Typed {
  /** Exit status of the command, where the shell told it. */
  readonly status: number | null;
  readonly output: string;
}

/** Where the shell of a terminal is: nothing seen of it yet, waiting for a line, or running one. */
type ShellState = 'unknown' | 'prompt' | 'running';

/** Characters of a transcript that an error quotes. */
const QUOTED_CHARACTERS = 600;

/** Types lines into one terminal the way a person does: at the prompt, and not before the last one is finished. */
export class Typist {
  readonly #terminal: MachineTerminal;
  readonly #marks = new PromptMarks();
  readonly #decoder = new TextDecoder();
  readonly #waiters = new Set<() => void>();
  #shell: ShellState = 'unknown';
  #status: number | null = null;
  #output = '';
  #written = 0;

  constructor(terminal: MachineTerminal) {
    this.#terminal = terminal;
    terminal.listen({
      output: (offset, bytes) => {
        terminal.acknowledge(offset + bytes.length);
        this.#read(this.#decoder.decode(bytes, { stream: true }));
      },
      inputApplied: () => {},
      status: () => this.#wake(),
    });
  }

  /** Resolves when the line is finished, as LabLine defines it. Logs in first where the terminal is closed. */
  async type({ command, until }: Pick<LabLine, 'command' | 'until'>, signal: AbortSignal): Promise<Typed> {
    const line = new Line(this.#terminal, command, () => stripVTControlCharacters(this.#output));
    await this.#ready(line, signal);
    this.#output = '';
    this.#status = null;
    if (until === undefined) this.#shell = 'unknown';
    this.#write(`${command}\r`);
    if (until !== undefined) await this.#until(() => afterEcho(this.#output).includes(until), line, signal);
    else await this.#until(() => this.#isOver(), line, signal);
    return { status: this.#status, output: stripVTControlCharacters(this.#output) };
  }

  async #ready(line: Line, signal: AbortSignal): Promise<void> {
    if (this.#terminal.status === 'closed') {
      this.#shell = 'unknown';
      this.#terminal.login();
    }
    // A program that prompts by itself leaves the shell "running"; the line is for that program.
    await this.#until(() => this.#terminal.status === 'open' && this.#shell !== 'unknown', line, signal);
  }

  /** The shell took the line and is at a prompt again, or there is no shell any more. */
  #isOver(): boolean {
    return this.#shell === 'prompt' || this.#terminal.status === 'closed';
  }

  #write(text: string): void {
    const bytes = Buffer.from(text);
    this.#terminal.write(this.#written, bytes);
    this.#written += bytes.length;
  }

  #read(text: string): void {
    this.#output += text;
    for (const mark of this.#marks.read(text)) this.#note(mark);
    this.#wake();
  }

  #note({ mark, status }: PromptMark): void {
    if (mark === 'C') this.#shell = 'running';
    if (mark === 'D') this.#status = status;
    if (mark === 'B') this.#shell = 'prompt';
  }

  #wake(): void {
    for (const wake of this.#waiters) wake();
  }

  async #until(isTrue: () => boolean, line: Line, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => isTrue() && resolve();
    const stop = () => reject(line.unfinished(signal));
    this.#waiters.add(look);
    signal.addEventListener('abort', stop);
    try {
      look();
      if (signal.aborted) stop();
      await promise;
    } finally {
      this.#waiters.delete(look);
      signal.removeEventListener('abort', stop);
    }
  }
}

/** The terminal shows what is typed before the program answers it. */
function afterEcho(output: string): string {
  return output.slice(output.indexOf('\n') + 1);
}

class Line {
  readonly #terminal: MachineTerminal;
  readonly #command: string;
  readonly #transcript: () => string;

  constructor(terminal: MachineTerminal, command: string, transcript: () => string) {
    this.#terminal = terminal;
    this.#command = command;
    this.#transcript = transcript;
  }

  unfinished(signal: AbortSignal): unknown {
    if (!(signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError')) return signal.reason;
    return new Error(
      [
        `In terminal ${this.#terminal.id}, the line did not finish in time:  ${this.#command}`,
        'If a program of its own prompt is waiting there, give the line an `until`. The terminal shows:',
        this.#transcript().slice(-QUOTED_CHARACTERS).trimEnd(),
      ].join('\n'),
    );
  }
}
