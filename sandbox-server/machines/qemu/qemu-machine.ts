import { randomBytes } from 'node:crypto';
import { MachineEndedError } from '../../errors.ts';
import type {
  CrashKind,
  Finding,
  Machine,
  MachineEnd,
  MachineRecord,
  MachineUsage,
  PersonalFile,
  RunRequest,
  RunResult,
} from '../driver.ts';
import type { AgentMessage } from './agent-message.ts';
import { ControlLink } from './control-link.ts';
import { EndWatch } from './end-watch.ts';
import { FreezeWatch } from './freeze-watch.ts';
import { PauseSwitch } from './pause-switch.ts';
import { CONTROL_SOCKET, terminalSocket } from './qemu-arguments.ts';
import type { QemuProcess } from './qemu-process.ts';
import { ScriptRunner } from './script-runner.ts';
import { TerminalLink, type TerminalLinkOptions } from './terminal-link.ts';
import { findingsOf, findingsOfError, LOOK } from './vital-signs.ts';

export interface TerminalName {
  readonly id: string;
  readonly user: string;
}

export interface QemuMachineOptions {
  readonly id: string;
  readonly process: QemuProcess;
  /** In the order of their ports. */
  readonly terminals: readonly TerminalName[];
  /** What its driver finds it by again. */
  readonly makeRecord: (terminals: readonly TerminalName[]) => MachineRecord;
  /** Frees what the machine took on the host; called once, after QEMU is gone. */
  readonly free: () => Promise<void>;
}

const SEED_BYTES = 64;

/** A running QEMU with the agent in it. */
export class QemuMachine implements Machine {
  readonly id: string;
  readonly ended: Promise<MachineEnd>;
  readonly process: QemuProcess;
  readonly terminals: TerminalLink[] = [];
  readonly #control: ControlLink;
  readonly #scripts: ScriptRunner;
  readonly #pauseSwitch: PauseSwitch;
  readonly #makeRecord: QemuMachineOptions['makeRecord'];
  readonly #free: () => Promise<void>;
  readonly #answers = new Map<string, { resolve(message: AgentMessage): void; reject(error: Error): void }>();
  readonly #endWatch: EndWatch;
  #watch: FreezeWatch | undefined;
  #end: MachineEnd | undefined;
  #resolveEnded: (end: MachineEnd) => void = () => {};
  #disposal: Promise<void> | undefined;

  private constructor({ id, process, free, makeRecord }: QemuMachineOptions, control: ControlLink) {
    this.id = id;
    this.process = process;
    this.#free = free;
    this.#makeRecord = makeRecord;
    this.#control = control;
    this.#scripts = new ScriptRunner(control);
    this.#pauseSwitch = new PauseSwitch({
      qmp: process.qmp,
      isBusy: () => this.#scripts.isBusy,
      refresh: (signal) => this.#refresh([], signal),
    });
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    control.onMessage((message) => this.#receive(message));
    control.onViolation((detail) => this.#crash('agent', `the agent's port: ${detail}`));
    this.#endWatch = new EndWatch({
      qmp: process.qmp,
      processEnded: process.keeper.ended,
      onEnd: (kind, detail) => this.#crash(kind, detail),
    });
  }

  /** Connects every port while the guest stands still: it shall never see one hung up. */
  static async connect(options: QemuMachineOptions): Promise<QemuMachine> {
    const machine = new QemuMachine(options, new ControlLink(await options.process.connect(CONTROL_SOCKET)));
    for (const terminal of options.terminals) await machine.addTerminal(terminal);
    return machine;
  }

  /** Connects to a guest that runs and that another server has left. */
  static async rejoin(options: QemuMachineOptions, signal: AbortSignal): Promise<QemuMachine> {
    const control = new ControlLink(await options.process.connect(CONTROL_SOCKET));
    const machine = new QemuMachine(options, control);
    machine.#endWatch.agentIsKnown();
    await machine.#pauseSwitch.look();
    const wasPaused = machine.isPaused;
    if (wasPaused) await machine.letRun();
    control.beginAnew();
    const { terminals = [] } = await machine.#ask({ op: 'rejoin', id: 'rejoin' }, 'rejoined', signal);
    for (const terminal of options.terminals) {
      const known = terminals.find(({ id }) => id === terminal.id);
      if (known === undefined) throw new Error(`The agent of ${options.id} knows of no terminal ${terminal.id}.`);
      const { status, input = 0, output = 0, printed = output } = known;
      const adopted = { status, inputApplied: input, outputStart: output, outputEnd: printed };
      await machine.addTerminal({ ...terminal, adopted });
    }
    if (wasPaused) await machine.resume();
    return machine;
  }

  get record(): MachineRecord {
    return this.#makeRecord(this.terminals.map(({ id, user }) => ({ id, user })));
  }

  async addTerminal({
    id,
    user,
    adopted,
  }: Pick<TerminalLinkOptions, 'id' | 'user' | 'adopted'>): Promise<TerminalLink> {
    const socket = await this.process.connect(terminalSocket(this.terminals.length));
    const onViolation = (detail: string) => this.#crash('agent', detail);
    const onAsked = () => void this.resume().catch(() => {});
    const port = { socket, control: this.#control, onViolation, onAsked };
    const terminal = new TerminalLink({ id, user, ...port, ...(adopted && { adopted }) });
    this.terminals.push(terminal);
    return terminal;
  }

  /** Lets the guest run for the first time. */
  letRun(): Promise<void> {
    return this.#pauseSwitch.letRun();
  }

  get isPaused(): boolean {
    return this.#pauseSwitch.isPaused;
  }

  async pause(): Promise<void> {
    if (this.#end === undefined) await this.#pauseSwitch.pause();
  }

  resume(): Promise<void> {
    return this.#pauseSwitch.resume();
  }

  async usage(): Promise<MachineUsage | undefined> {
    return this.#end ? undefined : (await this.process.keeper.state)?.usage();
  }

  /** Resolves when the agent answers; during a boot that takes a while. */
  async hello(signal?: AbortSignal): Promise<void> {
    await this.#ask({ op: 'hello' }, 'hello', signal);
  }

  answers(signal?: AbortSignal): Promise<void> {
    return this.hello(signal);
  }

  /** After a fork: the right time, randomness of its own, its own files; `known` are those the template has already. */
  async wake(personal: readonly PersonalFile[], known: readonly string[], signal?: AbortSignal): Promise<void> {
    this.#endWatch.agentIsKnown();
    const files = personal.map((file) => ({ ...file, renew: known.includes(file.path) }));
    await this.#refresh(files, signal);
  }

  /** From now on it ends when its process stands still. */
  async watchForFreezing(): Promise<void> {
    const { qmp, keeper } = this.process;
    const state = await keeper.state;
    if (state === undefined || this.#end) return;
    this.#watch = new FreezeWatch({
      isStopped: () => state.isStopped(),
      ask: () => qmp.execute('query-status'),
      onFrozen: (detail) => this.#fail({ cause: 'frozen', detail }),
    });
  }

  /** The last thing before a freeze: in a fork, output not acknowledged here begins at 0, and so does input. */
  async renumber(signal?: AbortSignal): Promise<void> {
    await this.#ask({ op: 'renumber', id: 'renumber' }, 'renumbered', signal);
  }

  /** Opens the next terminal in the guest; only while a template is made. */
  async openTerminal(terminal: { id: string; user: string }): Promise<TerminalLink> {
    const link = await this.addTerminal(terminal);
    this.#control.send({ op: 'open', terminal: terminal.id, user: terminal.user, port: this.terminals.length - 1 });
    return link;
  }

  async run(request: RunRequest): Promise<RunResult> {
    if (this.#end) throw new MachineEndedError(this.id, this.#end.cause);
    return this.#scripts.run(request, this.resume());
  }

  examine(): Promise<readonly Finding[] | undefined> {
    return this.run(LOOK).then(findingsOf, findingsOfError);
  }

  liveUntil(time: number): void {
    this.process.keeper.liveUntil(time);
  }

  release(): void {
    this.#finish({ cause: 'released' });
    this.process.qmp.disconnect();
    this.process.keeper.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#dispose();
    return this.#disposal;
  }

  async #dispose(): Promise<void> {
    this.#finish({ cause: 'disposed' });
    if (this.#end?.cause === 'released') return;
    await this.process.keeper.kill();
    await this.#free();
  }

  async #refresh(files: readonly Record<string, unknown>[], signal?: AbortSignal): Promise<void> {
    const seed = randomBytes(SEED_BYTES).toString('base64');
    await this.#ask({ op: 'wake', id: 'wake', time: Date.now() / 1000, seed, files }, 'woken', signal);
  }

  #ask(message: Record<string, unknown>, answer: string, signal?: AbortSignal): Promise<AgentMessage> {
    if (this.#end) return Promise.reject(new MachineEndedError(this.id, this.#end.cause));
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<AgentMessage>();
    this.#answers.set(answer, { resolve, reject });
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    this.#control.send(message);
    return promise.finally(() => {
      this.#answers.delete(answer);
      signal?.removeEventListener('abort', abort);
    });
  }

  #receive(message: AgentMessage): void {
    this.#answers.get(message.event)?.resolve(message);
    if (message.event === 'started') {
      this.#endWatch.agentBegan();
    } else if (message.event === 'terminal') {
      const terminal = this.terminals.find(({ id }) => id === message.terminal);
      if (message.status === 'open' || message.status === 'closed') terminal?.setStatus(message.status);
    } else if (message.event === 'failed' && typeof message.id === 'string') {
      for (const { reject } of this.#answers.values()) reject(new Error(`The agent failed: ${message.error}`));
    } else if (message.event === 'ran' || message.event === 'failed') {
      this.#scripts.receive(message);
    }
  }

  #crash(kind: CrashKind, detail: string): void {
    this.#fail({ cause: 'crashed', kind, detail });
  }

  #fail(end: MachineEnd): void {
    this.#finish(end);
    // Whoever owns the machine disposes it, too, and hears of what went wrong.
    this[Symbol.asyncDispose]().catch(() => {});
  }

  /** The first cause stays. */
  #finish(end: MachineEnd): void {
    if (this.#end) return;
    this.#end = end;
    this.#endWatch[Symbol.dispose]();
    this.#watch?.[Symbol.dispose]();
    const error = new MachineEndedError(this.id, end.cause);
    this.#scripts.end(error);
    for (const { reject } of this.#answers.values()) reject(error);
    this.#control.close();
    for (const terminal of this.terminals) terminal.close();
    this.#resolveEnded(end);
  }
}
