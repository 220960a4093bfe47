import type { WebSocket } from 'ws';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import type { CloseReason } from '../../protocol/close-codes.ts';
import type { TerminalFrame } from '../../protocol/frames.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { Attempt } from '../attempts/attempt.ts';
import type { Watcher } from '../attempts/watchers.ts';
import { type LearnerErrorCode, learnerError, Refusal } from '../errors.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Terminal } from '../sandboxes/terminal.ts';
import { EchoClock } from './echo-clock.ts';
import { Outbox } from './outbox.ts';
import { OutputPump } from './output-pump.ts';
import type { Refusals } from './refusals.ts';

type Hello = Extract<ClientMessage, { type: 'hello' }>;

export interface SessionOptions {
  readonly attempt: Attempt;
  readonly socket: WebSocket;
  readonly page: string;
  readonly resume: Hello['resume'];
  readonly metrics: Metrics;
  readonly refusals: Refusals;
  close(reason: CloseReason): void;
}

/** A page that said who it is: its messages become calls on the attempt, the attempt's news become messages. */
export class Session implements Watcher, Disposable {
  readonly #options: SessionOptions;
  readonly #attempt: Attempt;
  readonly #outbox: Outbox;
  readonly #echo: EchoClock;
  readonly #membership: Disposable;
  #pump: OutputPump | undefined;
  #isOver = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#attempt = options.attempt;
    this.#echo = new EchoClock(options.metrics);
    this.#outbox = new Outbox(options.socket, () => this.#flush());
    const { resume } = options;
    this.#membership = this.#attempt.join(this, { returnsTo: resume?.sandbox ?? null });
    try {
      this.changed();
    } catch (cause) {
      this.#membership[Symbol.dispose]();
      throw cause;
    }
  }

  changed(): void {
    this.#outbox.put('state', () => ({ type: 'state', state: this.#attempt.state() }));
    this.#followSandbox();
    this.#flush();
  }

  failed(code: LearnerErrorCode): void {
    this.#reply({ type: 'error', error: learnerError(code) });
  }

  beat(): void {
    this.#outbox.put('heartbeat', () => ({ type: 'heartbeat' }));
    this.#flush();
  }

  /** Keys typed. Those of an earlier sandbox are dropped. */
  input({ terminal, epoch, offset, bytes }: TerminalFrame): CloseReason | undefined {
    if (this.#pump?.sandbox.epoch !== epoch) return undefined;
    const taken = this.#pump.views[terminal]?.type(offset, bytes) ?? 'gap';
    if (taken === 'taken') {
      this.#echo.input(terminal, bytes.length);
      return undefined;
    }
    return taken === 'gap' ? 'badMessage' : 'tooLarge';
  }

  message(message: ClientMessage): CloseReason | undefined {
    try {
      return this.#dispatch(message);
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      this.#options.refusals.note('page', cause.code, { attempt: this.#attempt.id });
      this.failed(cause.code);
      return undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#membership[Symbol.dispose]();
    this.#pump?.[Symbol.dispose]();
  }

  #dispatch(message: ClientMessage): CloseReason | undefined {
    const attempt = this.#attempt;
    switch (message.type) {
      case 'hello':
        return 'badMessage';
      case 'ack':
        return this.#acknowledge(message);
      case 'resize':
        if (this.#terminal(message.terminal)) this.#pump?.view(message.terminal)?.resize(message);
        break;
      case 'focus':
        for (const view of this.#pump?.views ?? []) view.attend();
        break;
      case 'login':
        this.#terminal(message.terminal)?.login();
        break;
      case 'check':
        attempt.check(message.step);
        break;
      case 'answer':
        attempt.answer(message.question, message.answer);
        break;
      case 'reset':
        attempt.reset(message.step);
        break;
      case 'hint':
        this.#reply(attempt.hint(message.step, message.index));
        break;
      case 'solution':
        this.#reply(attempt.solution(message.step));
        break;
      default:
        attempt[message.type]();
    }
    return undefined;
  }

  #acknowledge({ epoch, terminal, offset }: Extract<ClientMessage, { type: 'ack' }>): CloseReason | undefined {
    if (this.#pump?.sandbox.epoch !== epoch) return undefined;
    return this.#pump.view(terminal)?.acknowledge(offset) ? undefined : 'badMessage';
  }

  /** `undefined` while no machine runs: a page may not have heard of its end yet. */
  #terminal(id: string): Terminal | undefined {
    const { sandbox } = this.#attempt;
    const terminal = sandbox?.terminals.find((candidate) => candidate.id === id);
    if (sandbox !== undefined && terminal === undefined) throw new Refusal('terminal-unknown');
    return terminal;
  }

  #followSandbox(): void {
    const { sandbox } = this.#attempt;
    if (sandbox === this.#pump?.sandbox) return;
    this.#pump?.[Symbol.dispose]();
    this.#pump = undefined;
    if (sandbox === undefined) return;
    const { page, resume } = this.#options;
    const places = resume?.sandbox === sandbox.id ? resume.outputs : {};
    this.#pump = new OutputPump({
      ...{ sandbox, page, places, outbox: this.#outbox, onReady: () => this.#flush() },
      onSent: (terminal, bytes) => this.#echo.output(terminal, bytes),
      onInputApplied: (terminal, offset) => this.#inputApplied({ epoch: sandbox.epoch, terminal, offset }),
    });
  }

  #inputApplied({ epoch, terminal, offset }: { epoch: number; terminal: string; offset: number }): void {
    this.#outbox.put(`inputAck ${terminal}`, () => ({ type: 'inputAck', epoch, terminal, offset }));
    this.#flush();
  }

  #reply(message: ServerMessage): void {
    if (this.#outbox.reply(message)) this.#flush();
    else this.#options.close('tooFast');
  }

  #flush(): void {
    if (this.#isOver) return;
    this.#outbox.flush();
    this.#pump?.run();
  }
}
