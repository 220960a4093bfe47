import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import { decodeFrame, encodeFrame, type TerminalFrame } from '../../protocol/frames.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { AttemptState } from '../../protocol/state.ts';
import type { Place } from '../sandboxes/recording.ts';
import type { Screen } from '../sandboxes/screen/screen.ts';
import { TerminalTrack } from './terminal-track.ts';

type MessageOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;

const TAIL_BYTES = 4096;

export interface TestPageOptions {
  /** Instead of a fresh one. */
  readonly ticket?: string;
  readonly resume?: { sandbox: string; outputs: Record<string, Place> } | null;
  /** The same page, with what it had, over another connection. Says what `resume` says by itself. */
  readonly continues?: TestPage;
  /** Acknowledge output as it comes. */
  readonly acknowledges?: boolean;
  /** Keep a copy of each terminal's screen. */
  readonly copies?: boolean;
}

/** One page: keeps the terminals' bytes as a page would, and refuses a gap or a repetition. */
export class TestPage {
  readonly socket: WebSocket;
  /** Its name over all of its connections. */
  readonly name: string;
  readonly messages: ServerMessage[] = [];
  /** First fault of the server's framing that this page saw. */
  fault: string | undefined;
  acknowledges: boolean;
  /** Most output bytes that were on the way unacknowledged, by terminal. */
  mostUnacknowledged = 0;
  state: AttemptState | undefined;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #copies: boolean;
  #tracks = new Map<string, TerminalTrack>();
  /** By terminal: all that was typed, of which the machine has applied so much. */
  #typed = new Map<string, { text: Buffer; applied: number }>();
  #sandbox: string | undefined;
  readonly #waiters = new Set<() => void>();

  constructor(socket: WebSocket, { acknowledges = true, resume, continues, copies = false }: TestPageOptions = {}) {
    this.socket = socket;
    this.name = continues?.name ?? randomUUID();
    this.acknowledges = acknowledges;
    this.#copies = copies;
    if (continues !== undefined) this.#continue(continues);
    else if (resume) this.#standAt(resume);
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
    const typed = this.#typed.get(terminal) ?? { text: Buffer.alloc(0), applied: 0 };
    const offset = typed.text.length;
    typed.text = Buffer.concat([typed.text, Buffer.from(text)]);
    this.#typed.set(terminal, typed);
    this.sendInput(terminal, offset, Buffer.from(text));
  }

  /** What a page does once it is connected again: all that it does not know to be applied. */
  typeAgain(): void {
    for (const [terminal, { text, applied }] of this.#typed) {
      if (applied < text.length) this.sendInput(terminal, applied, text.subarray(applied));
    }
  }

  sendInput(terminal: string, offset: number, bytes: Uint8Array, epoch = this.state?.sandbox?.epoch ?? 0): void {
    const index = this.state?.terminals.findIndex(({ id }) => id === terminal) ?? -1;
    if (index >= 0) this.socket.send(encodeFrame({ kind: 'input', terminal: index, epoch, offset, bytes }));
  }

  /** Everything typed was applied. */
  get isApplied(): boolean {
    return [...this.#typed.values()].every(({ text, applied }) => applied === text.length);
  }

  text(terminal: string): string {
    return Buffer.concat(this.#tracks.get(terminal)?.chunks ?? []).toString();
  }

  start(terminal: string): number {
    return this.#tracks.get(terminal)?.start ?? 0;
  }

  end(terminal: string): number {
    return this.#tracks.get(terminal)?.end ?? 0;
  }

  snapshots(terminal: string): number {
    return this.#tracks.get(terminal)?.snapshots ?? 0;
  }

  copy(terminal: string): Screen {
    const copy = this.#tracks.get(terminal)?.copy;
    if (copy === undefined) throw new TypeError('This page keeps no copies; open it with `copies: true`.');
    return copy;
  }

  /** What a reconnecting page says in its hello. */
  get resume() {
    if (this.#sandbox === undefined) return null;
    const whole = [...this.#tracks].filter(([, { isWhole }]) => isWhole);
    const places = whole.map(([id, { end, size }]) => [id, { offset: end, size }] as const);
    return { sandbox: this.#sandbox, outputs: Object.fromEntries(places) };
  }

  acknowledge(terminal: string, offset: number): void {
    const track = this.#tracks.get(terminal);
    if (track !== undefined) track.acknowledged = offset;
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
    const chunks = this.#tracks.get(terminal)?.chunks ?? [];
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

  #continue(earlier: TestPage): void {
    this.state = earlier.state;
    this.fault = earlier.fault;
    this.#sandbox = earlier.#sandbox;
    this.#tracks = earlier.#tracks;
    this.#typed = earlier.#typed;
  }

  #standAt({ sandbox, outputs }: NonNullable<TestPageOptions['resume']>): void {
    this.#sandbox = sandbox;
    for (const [id, place] of Object.entries(outputs)) {
      const track = new TerminalTrack({ hasCopy: this.#copies });
      track.standAt(place);
      this.#tracks.set(id, track);
    }
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
    if (message.type === 'screen') this.#tracks.get(message.terminal)?.beginAnew(message);
    if (message.type === 'size') this.#note(message.terminal, this.#tracks.get(message.terminal)?.resize(message));
    if (message.type === 'inputAck') {
      const typed = this.#typed.get(message.terminal);
      if (typed !== undefined) typed.applied = Math.max(typed.applied, message.offset);
    }
  }

  #acceptState(state: AttemptState): void {
    this.state = state;
    if (state.sandbox === null || state.sandbox.id === this.#sandbox) return;
    this.#sandbox = state.sandbox.id;
    this.#typed.clear();
    this.#tracks = new Map(state.terminals.map(({ id }) => [id, new TerminalTrack({ hasCopy: this.#copies })]));
  }

  #receiveFrame(data: Buffer): void {
    const frame = decodeFrame(data);
    const id = frame && this.state?.terminals[frame.terminal]?.id;
    const track = id === undefined ? undefined : this.#tracks.get(id);
    if (frame === undefined || id === undefined || track === undefined || frame.epoch !== this.state?.sandbox?.epoch) {
      this.fault ??= 'a frame that belongs to no terminal';
      return;
    }
    this.#note(id, frame.kind === 'screen' ? track.screen(frame.bytes) : this.#receiveOutput(id, track, frame));
  }

  #receiveOutput(id: string, track: TerminalTrack, { offset, bytes }: TerminalFrame): string | undefined {
    const fault = track.output(offset, bytes);
    this.mostUnacknowledged = Math.max(this.mostUnacknowledged, track.end - track.acknowledged);
    if (this.acknowledges) this.acknowledge(id, track.end);
    return fault;
  }

  #note(terminal: string, fault: string | undefined): void {
    if (fault !== undefined) this.fault ??= `${terminal} ${fault}`;
  }
}
