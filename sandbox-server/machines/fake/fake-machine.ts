import { MachineBusyError, MachineEndedError } from '../../errors.ts';
import {
  type CrashKind,
  type Finding,
  MAX_RUN_OUTPUT_BYTES,
  type Machine,
  type MachineEnd,
  type MachineRecord,
  type MachineUsage,
  type RunRequest,
  type RunResult,
} from '../driver.ts';
import { findingsIn, runRefusedBy } from './fake-impairments.ts';
import { type Builtin, runFakeScript } from './fake-shell.ts';
import { FakeTerminal } from './fake-terminal.ts';

/** What a fake machine answers a script with; `undefined` leaves it to the small built-in shell. */
export type FakeAnswer = (
  request: RunRequest,
  machine: FakeMachine,
) => RunResult | Promise<RunResult> | undefined | Promise<RunResult | undefined>;

export interface FakeMachineOptions {
  readonly id: string;
  readonly hostname: string;
  readonly terminals: readonly { readonly id: string; readonly user: string }[];
  readonly files: ReadonlyMap<string, string>;
  readonly answer: FakeAnswer;
  readonly builtins: Readonly<Record<string, Builtin>>;
  readonly onOver: (machine: FakeMachine) => void;
  /** Prompts carry the marks that the image's shells print. */
  readonly marksPrompts?: boolean;
}

/** One driver's time with the machine. */
class Tenure {
  readonly ended: Promise<MachineEnd>;
  readonly over = new AbortController();
  readonly #resolve: (end: MachineEnd) => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<MachineEnd>();
    this.ended = promise;
    this.#resolve = resolve;
  }

  end(id: string, end: MachineEnd): void {
    this.over.abort(new MachineEndedError(id, end.cause));
    this.#resolve(end);
  }
}

export class FakeMachine implements Machine {
  readonly id: string;
  readonly terminals: readonly FakeTerminal[];
  readonly files: Map<string, string>;
  /** Every script it was asked to run, oldest first. */
  readonly requests: RunRequest[] = [];
  readonly #answer: FakeAnswer;
  readonly #onOver: (machine: FakeMachine) => void;
  readonly #builtins: Readonly<Record<string, Builtin>>;
  #tenure = new Tenure();
  #isOver = false;
  /** Nobody has it now. */
  #isReleased = false;
  #death: NodeJS.Timeout | undefined;
  /** What usage() says, for a test to set: a fake machine takes nothing. */
  taken: MachineUsage | undefined = { processorMs: 0, memoryBytes: 0 };
  #isPaused = false;
  #paused = Promise.withResolvers<void>();
  /** While it answers nothing. */
  #silence: PromiseWithResolvers<void> | undefined;
  #unfinishedRuns = 0;
  #lastRun: Promise<unknown> = Promise.resolve();

  constructor({ id, hostname, terminals, files, answer, builtins, onOver, marksPrompts = false }: FakeMachineOptions) {
    this.id = id;
    this.#onOver = onOver;
    this.files = new Map(files);
    this.#answer = answer;
    this.#builtins = builtins;
    const machine = { files: this.files, powerOff: () => this.powerOff() };
    const onAsked = () => void this.resume();
    const shared = { hostname, machine, builtins, marksPrompts, onAsked };
    this.terminals = terminals.map((spec) => new FakeTerminal({ ...spec, ...shared }));
  }

  get ended(): Promise<MachineEnd> {
    return this.#tenure.ended;
  }

  get isReleased(): boolean {
    return this.#isReleased;
  }

  get record(): MachineRecord {
    return { driver: 'fake', id: this.id };
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** For a test: resolves when it is paused, or is so already. */
  get paused(): Promise<void> {
    return this.#paused.promise;
  }

  async pause(): Promise<void> {
    if (this.#unfinishedRuns > 0) return;
    this.#isPaused = true;
    this.#paused.resolve();
  }

  async resume(): Promise<void> {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#paused = Promise.withResolvers();
  }

  async usage(): Promise<MachineUsage | undefined> {
    return this.#isOver ? undefined : this.taken;
  }

  liveUntil(time: number): void {
    clearTimeout(this.#death);
    this.#death = setTimeout(() => this.kill('its time was up'), time - Date.now()).unref();
  }

  release(): void {
    if (this.#isOver || this.#isReleased) return;
    if (this.#death === undefined) this.kill('its owner is gone');
    this.#leave({ cause: 'released' });
    this.#isReleased = true;
  }

  /** For the driver: another tenure begins, whether or not the one before knows that it is over. */
  rejoin(): this {
    this.release();
    this.#isReleased = false;
    void this.resume();
    this.#tenure = new Tenure();
    return this;
  }

  run(request: RunRequest): Promise<RunResult> {
    void this.resume();
    this.#unfinishedRuns += 1;
    const result = this.#lastRun
      .then(() => this.#runNow(request))
      .finally(() => {
        this.#unfinishedRuns -= 1;
      });
    this.#lastRun = result.catch(() => undefined);
    return result;
  }

  /** As if it had ended by itself, by default with its process. */
  kill(detail = 'killed by a test', kind: CrashKind = 'lost'): void {
    this.#end({ cause: 'crashed', kind, detail });
  }

  powerOff(): void {
    this.kill('the guest powered off', 'shut-down');
  }

  /** As if its agent were stopped. */
  silence(): void {
    this.#silence ??= Promise.withResolvers();
  }

  speak(): void {
    this.#silence?.resolve();
    this.#silence = undefined;
  }

  async answers(signal?: AbortSignal): Promise<void> {
    const over = this.#tenure.over.signal;
    const stops = AbortSignal.any([over, ...(signal ? [signal] : [])]);
    stops.throwIfAborted();
    await untilAborted(this.#silence?.promise ?? Promise.resolve(), stops);
  }

  /** What the file `/impaired` says: a kind and what per line. */
  async examine(): Promise<readonly Finding[] | undefined> {
    return this.#isOver || this.#silence ? undefined : findingsIn(this.files);
  }

  /** As if the process had stopped answering. */
  freeze(detail = 'frozen by a test'): void {
    this.#end({ cause: 'frozen', detail });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end({ cause: 'disposed' });
  }

  #end(end: MachineEnd): void {
    if (this.#isOver || (this.#isReleased && end.cause === 'disposed')) return;
    this.#isOver = true;
    clearTimeout(this.#death);
    this.#leave(end);
    for (const terminal of this.terminals) terminal.end();
    this.#onOver(this);
  }

  #leave(end: MachineEnd): void {
    this.#tenure.end(this.id, end);
    for (const terminal of this.terminals) terminal.release();
  }

  async #runNow(request: RunRequest): Promise<RunResult> {
    const deadline = AbortSignal.timeout(request.timeoutMs);
    const stops = [this.#tenure.over.signal, deadline, ...(request.signal ? [request.signal] : [])];
    const signal = AbortSignal.any(stops);
    signal.throwIfAborted();
    this.requests.push(request);
    const output = new RunOutput();
    const refused = runRefusedBy(findingsIn(this.files));
    if (refused) return refused;
    if (this.#silence) throw new MachineBusyError(request.timeoutMs);
    try {
      const answered = await untilAborted(Promise.resolve(this.#answer({ ...request, signal }, this)), signal);
      if (answered !== undefined) return answered;
      const status = await untilAborted(this.#interpret(request, output, signal), signal);
      return { status, timedOut: false, ...output.result() };
    } catch (cause) {
      if (signal.reason === deadline.reason && deadline.aborted) {
        return { status: null, timedOut: true, ...output.result() };
      }
      throw cause;
    }
  }

  #interpret(request: RunRequest, output: RunOutput, signal: AbortSignal): Promise<number> {
    return runFakeScript(
      {
        user: request.user ?? 'root',
        env: request.env ?? {},
        files: this.files,
        signal,
        write: async (fd, text) => output.add(fd, text),
        powerOff: () => this.powerOff(),
      },
      request.script,
      this.#builtins,
    );
  }
}

class RunOutput {
  #text = { 1: '', 2: '' };
  #truncated = false;

  add(fd: 1 | 2, text: string): void {
    const room = MAX_RUN_OUTPUT_BYTES - this.#text[fd].length;
    if (text.length > room) this.#truncated = true;
    this.#text[fd] += text.slice(0, room);
  }

  result() {
    return { stdout: this.#text[1], stderr: this.#text[2], truncated: this.#truncated };
  }
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}
