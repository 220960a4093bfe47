import { MachineBusyError, type MachineEndedError, ScriptRefusedError } from '../../errors.ts';
import type { RunRequest, RunResult } from '../driver.ts';
import type { AgentMessage } from './agent-message.ts';
import type { ControlLink } from './control-link.ts';

/** How long the agent may take beyond a script's deadline: it asks, waits 2 s, forces. */
const GRACE_MS = 10_000;

interface Waiting {
  resolve(result: RunResult): void;
  reject(error: Error): void;
}

/** Runs scripts through the agent, one at a time and in order. */
export class ScriptRunner {
  readonly #control: ControlLink;
  readonly #waiting = new Map<number, Waiting>();
  #last: Promise<unknown> = Promise.resolve();
  #unfinished = 0;
  #nextId = 1;
  #ended: MachineEndedError | undefined;

  constructor(control: ControlLink) {
    this.#control = control;
  }

  /** Once `ready`, and those before it are over. */
  run(request: RunRequest, ready: Promise<void> = Promise.resolve()): Promise<RunResult> {
    this.#unfinished += 1;
    // Getting ready fails when the machine ends; so does what comes then, with that as its cause.
    const result = Promise.allSettled([this.#last, ready])
      .then(() => this.#runNow(request))
      .finally(() => {
        this.#unfinished -= 1;
      });
    this.#last = result.catch(() => {});
    return result;
  }

  /** One runs, or waits for its turn. */
  get isBusy(): boolean {
    return this.#unfinished > 0;
  }

  receive(message: AgentMessage): void {
    const { id } = message;
    const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined;
    if (!waiting) return;
    if (message.event === 'failed') waiting.reject(new ScriptRefusedError(message.error ?? ''));
    else waiting.resolve(toResult(message));
  }

  end(error: MachineEndedError): void {
    this.#ended = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  async #runNow({ signal, ...request }: RunRequest): Promise<RunResult> {
    if (this.#ended) throw this.#ended;
    signal?.throwIfAborted();
    const id = this.#nextId++;
    const cancel = () => this.#control.send({ op: 'cancel', id });
    signal?.addEventListener('abort', cancel, { once: true });
    const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
    this.#waiting.set(id, { resolve, reject });
    const overdue = setTimeout(() => reject(new MachineBusyError(request.timeoutMs)), request.timeoutMs + GRACE_MS);
    try {
      this.#control.send({ op: 'run', id, ...request });
      const result = await promise;
      signal?.throwIfAborted();
      return result;
    } finally {
      clearTimeout(overdue);
      this.#waiting.delete(id);
      signal?.removeEventListener('abort', cancel);
    }
  }
}

function toResult({ status, timedOut = false, stdout = '', stderr = '', truncated = false }: AgentMessage): RunResult {
  return { status: typeof status === 'number' ? status : null, timedOut, stdout, stderr, truncated };
}
