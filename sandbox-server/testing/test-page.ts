import type { WebSocket } from 'ws';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import { decodeFrame, encodeFrame } from '../../protocol/frames.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { AttemptState } from '../../protocol/state.ts';

type MessageOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;

const TAIL_BYTES = 4096;

export interface TestPageOptions {
  /** Instead of a fresh one. */
  readonly ticket?: string;
  readonly resume?: { sandbox: string; outputs: Record<string, number> } | null;
  /** Acknowledge output as it comes. */
  readonly acknowledges?: boolean;
}

/** One page: keeps the terminals' bytes as a page would, and refuses a gap or a repetition. */
export class TestPage {
  readonly socket: WebSocket;
  readonly messages: ServerMessage[] = [];
  /** First fault of the server's framing that this page saw. */
  fault: string | undefined;
  acknowledges: boolean;
  /** Most output bytes that were on the way unacknowledged, by terminal. */
  mostUnacknowledged = 0;
  state: AttemptState | undefined;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #outputs = new Map<string, { start: number; end: number; acknowledged: number; chunks: Uint8Array[] }>();
  readonly #inputs = new Map<string, number>();
  readonly #resume: TestPageOptions['resume'];
  readonly #waiters = new Set<() => void>();

  constructor(socket: WebSocket, { acknowledges = true, resume }: TestPageOptions = {}) {
    this.socket = socket;
    this.acknowledges = acknowledges;
    this.#resume = resume;
    socket.on('message', (data: Buffer, isBinary) => this.#receive(data, isBinary));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  send(message: ClientMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Types into a terminal, numbered as a page does. */
  type(terminal: string, text: string): void {
    const bytes = Buffer.from(text);
    const offset = this.#inputs.get(terminal) ?? 0;
    this.#inputs.set(terminal, offset + bytes.length);
    this.sendInput(terminal, offset, bytes);
  }

  sendInput(terminal: string, offset: number, bytes: Uint8Array, epoch = this.state?.sandbox?.epoch ?? 0): void {
    const index = this.state?.terminals.findIndex(({ id }) => id === terminal) ?? -1;
    this.socket.send(encodeFrame({ kind: 'input', terminal: index, epoch, offset, bytes }));
  }

  text(terminal: string): string {
    return Buffer.concat(this.#outputs.get(terminal)?.chunks ?? []).toString();
  }

  start(terminal: string): number {
    return this.#outputs.get(terminal)?.start ?? 0;
  }

  end(terminal: string): number {
    return this.#outputs.get(terminal)?.end ?? 0;
  }

  /** What a reconnecting page says in its hello. */
  get resume() {
    const sandbox = this.state?.sandbox?.id;
    if (sandbox === undefined) return null;
    return { sandbox, outputs: Object.fromEntries([...this.#outputs].map(([id, { end }]) => [id, end])) };
  }

  acknowledge(terminal: string, offset: number): void {
    const output = this.#outputs.get(terminal);
    if (output !== undefined) output.acknowledged = offset;
    this.send({ type: 'ack', epoch: this.state?.sandbox?.epoch ?? 0, terminal, offset });
  }

  acknowledgeFromNowOn(terminal: string): void {
    this.acknowledges = true;
    this.acknowledge(terminal, this.end(terminal));
  }

  /** The state once `holds` is true of it. */
  async stateWhere(holds: (state: AttemptState) => boolean): Promise<AttemptState> {
    await this.until(() => this.state !== undefined && holds(this.state));
    return this.state as AttemptState;
  }

  running(): Promise<AttemptState> {
    return this.stateWhere(({ phase }) => phase.kind === 'running');
  }

  async message<T extends ServerMessage['type']>(type: T): Promise<MessageOf<T>> {
    const find = () => this.messages.find((message) => message.type === type);
    await this.until(() => find() !== undefined);
    return find() as MessageOf<T>;
  }

  async shows(terminal: string, pattern: RegExp): Promise<void> {
    await this.until(() => pattern.test(this.#tail(terminal)));
  }

  /** The end of what was printed, without touching all of it: some tests print megabytes. */
  #tail(terminal: string): string {
    const chunks = this.#outputs.get(terminal)?.chunks ?? [];
    let first = chunks.length;
    for (let bytes = 0; first > 0 && bytes < TAIL_BYTES; bytes += chunks[first]?.length ?? 0) first -= 1;
    return Buffer.concat(chunks.slice(first)).toString();
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiters.add(resolve));
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }

  /** As a network does it: no goodbye. */
  async cut(): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (isBinary) this.#receiveFrame(data);
    else this.#receiveMessage(JSON.parse(data.toString()) as ServerMessage);
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const resolve of waiters) resolve();
  }

  #receiveMessage(message: ServerMessage): void {
    this.messages.push(message);
    if (message.type === 'state') this.#acceptState(message.state);
    if (message.type === 'resync') {
      const { terminal, offset } = message;
      this.#outputs.set(terminal, { start: offset, end: offset, acknowledged: offset, chunks: [] });
    }
  }

  #acceptState(state: AttemptState): void {
    const isNew = state.sandbox?.id !== this.state?.sandbox?.id;
    this.state = state;
    if (!isNew) return;
    this.#outputs.clear();
    this.#inputs.clear();
    for (const { id, input } of state.terminals) {
      const from = this.#resume?.sandbox === state.sandbox?.id ? (this.#resume?.outputs[id] ?? 0) : 0;
      this.#outputs.set(id, { start: from, end: from, acknowledged: from, chunks: [] });
      this.#inputs.set(id, input);
    }
  }

  #receiveFrame(data: Buffer): void {
    const frame = decodeFrame(data);
    const id = frame && this.state?.terminals[frame.terminal]?.id;
    const output = id === undefined ? undefined : this.#outputs.get(id);
    if (frame === undefined || id === undefined || output === undefined || frame.epoch !== this.state?.sandbox?.epoch) {
      this.fault ??= 'a frame that belongs to no terminal';
      return;
    }
    if (frame.offset !== output.end) this.fault ??= `${id} went on at ${frame.offset} where ${output.end} was due`;
    output.chunks.push(frame.bytes);
    output.end = frame.offset + frame.bytes.length;
    this.mostUnacknowledged = Math.max(this.mostUnacknowledged, output.end - output.acknowledged);
    if (this.acknowledges) this.acknowledge(id, output.end);
  }
}
