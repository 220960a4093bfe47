import { stripVTControlCharacters } from 'node:util';
import type { LabLine } from '../../labs/format/lab.ts';
import type { MachineTerminal } from '../machines/driver.ts';
import { type PromptMark, PromptMarks } from './prompt-marks.ts';

/** What typing one line showed. */
export interface Typed {
  /** Exit status of the command, where the shell told it. */
  readonly status: number | null;
  readonly output: string;
}

/** A command runs · it has ended and the prompt is coming · a prompt waits · a program waits at a prompt of its own. */
type Waiting = 'running' | 'ended' | 'prompt' | 'program';

/** Enter, which ends a command, and Ctrl-L, which only draws the prompt again. */
const KEYS_THAT_LEAVE_A_PROMPT = [
  ['\r', 'running'],
  ['\x0c', 'ended'],
] as const;

/** Characters of a transcript that an error quotes. */
const QUOTED_CHARACTERS = 600;

/** Types lines into one terminal the way a person does: at the prompt, and not before the last one is finished. */
export class Typist {
  readonly #terminal: MachineTerminal;
  readonly #marks = new PromptMarks();
  readonly #decoder = new TextDecoder();
  readonly #watchers = new Set<() => void>();
  #waiting: Waiting = 'running';
  #status: number | null = null;
  #output = '';
  #written = 0;
  #leavesOutput = false;

  constructor(terminal: MachineTerminal) {
    this.#terminal = terminal;
    terminal.listen({
      output: (offset, bytes) => {
        if (!this.#leavesOutput) terminal.acknowledge(offset + bytes.length);
        this.#read(this.#decoder.decode(bytes, { stream: true }));
      },
      inputApplied: () => {},
      status: () => this.#wake(),
    });
  }

  /** Resolves when the line is finished, as LabLine defines it. A TimeoutError of `signal` is told with a transcript. */
  async type({ command, until }: Pick<LabLine, 'command' | 'until'>, signal: AbortSignal): Promise<Typed> {
    try {
      await this.#ready(signal);
      this.#waiting = 'running';
      this.#status = null;
      this.#output = '';
      this.#write(`${command}\r`);
      if (until === undefined) await this.#until(() => this.#waiting === 'prompt' || this.#isClosed(), signal);
      else await this.#programPrompt(until, signal);
    } catch (cause) {
      throw isTimeout(cause) ? this.#unfinished(command) : cause;
    }
    return { status: this.#status, output: this.#shown() };
  }

  /**
   * Leaves an empty screen with a prompt, for whoever comes next: from here on nothing is acknowledged. The empty line
   * has the shell say all that it says before a prompt (bracketed paste is on again). Inside a program of its own
   * prompt it leaves the screen alone. Nothing can be typed afterwards.
   */
  async leavePrompt(signal: AbortSignal): Promise<void> {
    await this.#ready(signal);
    if (this.#waiting === 'program') return;
    this.#leavesOutput = true;
    for (const [key, before] of KEYS_THAT_LEAVE_A_PROMPT) {
      this.#waiting = before;
      this.#write(key);
      await this.#until(() => this.#waiting === 'prompt', signal);
    }
  }

  async #ready(signal: AbortSignal): Promise<void> {
    if (this.#isClosed()) {
      this.#waiting = 'running';
      this.#terminal.login();
    }
    await this.#until(() => this.#waiting === 'prompt' || this.#waiting === 'program', signal);
  }

  async #programPrompt(text: string, signal: AbortSignal): Promise<void> {
    // The terminal echoes what is typed; the program answers on the lines below.
    await this.#until(() => this.#output.slice(this.#output.indexOf('\n') + 1).includes(text), signal);
    this.#waiting = 'program';
  }

  #isClosed(): boolean {
    return this.#terminal.status === 'closed';
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

  /** Line editing repeats a prompt, and B with it; only D says that a command ended. */
  #note({ mark, status }: PromptMark): void {
    if (mark === 'D') {
      this.#waiting = 'ended';
      this.#status = status;
    } else if (mark === 'B' && this.#waiting === 'ended') {
      this.#waiting = 'prompt';
    }
  }

  #wake(): void {
    for (const look of this.#watchers) look();
  }

  async #until(isTrue: () => boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => isTrue() && resolve();
    const stop = () => reject(signal.reason);
    this.#watchers.add(look);
    signal.addEventListener('abort', stop);
    look();
    try {
      await promise;
    } finally {
      this.#watchers.delete(look);
      signal.removeEventListener('abort', stop);
    }
  }

  #unfinished(command: string): Error {
    return new Error(
      [
        `In terminal ${this.#terminal.id}, this line did not finish in time:  ${command}`,
        'If a program waits there at a prompt of its own, give the line an `until`. The terminal shows:',
        this.#shown().slice(-QUOTED_CHARACTERS).trimEnd(),
      ].join('\n'),
    );
  }

  #shown(): string {
    return stripVTControlCharacters(this.#output).replaceAll('\r', '');
  }
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'TimeoutError';
}
