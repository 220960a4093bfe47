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
  /** Keep all output for `text` and `shows`, which is the default. Megabytes of it in crumbs take much memory. */
  readonly keepsText?: boolean;
  onOutput?(terminal: string, offset: number, bytes: Uint8Array): void;
  /** Told of each message at once, before what came with it is looked at. */
  onMessage?(page: TestPage, message: ServerMessage): void;
}

interface Typed {
  /** Of all that was typed, so much is applied; these follow. */
  applied: number;
  unapplied: Buffer;
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
  readonly #keeps: { readonly hasCopy: boolean; readonly hasText: boolean };
  readonly #listeners: Pick<TestPageOptions, 'onOutput' | 'onMessage'>;
  #tracks = new Map<string, TerminalTrack>();
  #typed = new Map<string, Typed>();
  #sandbox: string | undefined;
  readonly #waiters = new Set<() => void>();

  constructor(socket: WebSocket, options: TestPageOptions = {}) {
    const { acknowledges = true, resume, continues, copies = false, keepsText = true } = options;
    this.socket = socket;
    this.name = continues?.name ?? randomUUID();
    this.acknowledges = acknowledges;
    this.#keeps = { hasCopy: copies, hasText: keepsText };
    this.#listeners = options;
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
    const bytes = Buffer.from(text);
    const { applied, unapplied } = this.#typed.get(terminal) ?? { applied: 0, unapplied: Buffer.alloc(0) };
    this.#typed.set(terminal, { applied, unapplied: Buffer.concat([unapplied, bytes]) });
    this.sendInput(terminal, applied + unapplied.length, bytes);
  }

  /** What a page does once it is connected again: all that it does not know to be applied. */
  typeAgain(): void {
    for (const [terminal, { applied, unapplied }] of this.#typed) {
      if (unapplied.length > 0) this.sendInput(terminal, applied, unapplied);
    }
  }

  /** Bytes typed that it does not know to be applied. */
  typedAhead(terminal: string): number {
    return this.#typed.get(terminal)?.unapplied.length ?? 0;
  }

  sendInput(terminal: string, offset: number, bytes: Uint8Array, epoch = this.state?.sandbox?.epoch ?? 0): void {
    const index = this.state?.terminals.findIndex(({ id }) => id === terminal) ?? -1;
    if (index >= 0) this.socket.send(encodeFrame({ kind: 'input', terminal: index, epoch, offset, bytes }));
  }

  /** Everything typed was applied. */
  get isApplied(): boolean {
    return [...this.#typed.values()].every(({ unapplied }) => unapplied.length === 0);
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

  /** It has no half of a snapshot. */
  isWhole(terminal: string): boolean {
    return this.#tracks.get(terminal)?.isWhole ?? false;
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
      const track = new TerminalTrack(this.#keeps);
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
    if (message.type === 'inputAck') this.#noteApplied(message);
    this.#listeners.onMessage?.(this, message);
  }

  #noteApplied({ terminal, offset }: MessageOf<'inputAck'>): void {
    const typed = this.#typed.get(terminal);
    if (typed === undefined || offset <= typed.applied) return;
    const fresh = offset - typed.applied;
    if (fresh > typed.unapplied.length) this.fault ??= `${terminal} applied what was never typed`;
    this.#typed.set(terminal, { applied: offset, unapplied: typed.unapplied.subarray(fresh) });
  }

  #acceptState(state: AttemptState): void {
    this.state = state;
    if (state.sandbox === null || state.sandbox.id === this.#sandbox) return;
    this.#sandbox = state.sandbox.id;
    this.#typed.clear();
    this.#tracks = new Map(state.terminals.map(({ id }) => [id, new TerminalTrack(this.#keeps)]));
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
    this.#listeners.onOutput?.(id, offset, bytes);
    if (this.acknowledges) this.acknowledge(id, track.end);
    return fault;
  }

  #note(terminal: string, fault: string | undefined): void {
    if (fault !== undefined) this.fault ??= `${terminal} ${fault}`;
  }
}
