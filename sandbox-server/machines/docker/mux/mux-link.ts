import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { readFromGuest } from '../../qemu/guest-port.ts';
import { Unparsed } from '../../qemu/unparsed.ts';
import { MuxChannel } from './mux-channel.ts';
import {
  decodeOffset,
  encodeFrame,
  FRAME_KINDS,
  type Frame,
  LINES_CHANNEL,
  MAX_LINE_BYTES,
  MUX_VERSION,
  parseFrames,
} from './mux-frames.ts';

export interface MuxLinkOptions {
  /** A connection to the mux. Rejects with MachineGoneError when there is no mux any more. */
  connect(): Promise<Duplex>;
  /** How often a living connection is shown to be one. */
  readonly pingMs?: number;
  /** Attempts to connect again, half a second apart, before the machine is given up. */
  readonly attempts?: number;
}

/** How a session ended. */
export interface LinkOver {
  readonly why: string;
  /** The machine goes on, with another server or none. */
  readonly isTakenOver: boolean;
}

/** There is nothing left to connect to. */
export class MachineGoneError extends Error {
  override readonly name = 'MachineGoneError';
  /** It is there, and another server's. */
  readonly isTakenOver: boolean;

  constructor(message: string, { isTakenOver = false } = {}) {
    super(message);
    this.isTakenOver = isTakenOver;
  }
}

const PING_MS = 5_000;
/** Looks without a sign of life after which a connection is dead. Looks are counted: who did not look has not waited. */
const SILENT_LOOKS = 3;
const ATTEMPTS = 120;
const ATTEMPT_INTERVAL_MS = 500;
const SESSION_BYTES = 16;
const HELLO_TIMEOUT_MS = 30_000;
/** All windows of a machine's channels together are half of it. A peer that takes less is no mux. */
const MOST_UNREAD_BYTES = 8 * 1024 * 1024;

/**
 * A session with the mux of one machine, over one connection at a time. A connection that breaks is replaced, and nothing
 * on any channel is lost or comes twice. Another session, of whichever server, ends this one. The mux is not trusted: what
 * breaks out of a machine can speak in its place.
 */
export class MuxLink {
  /** Resolves when there is no session any more. */
  readonly over: Promise<LinkOver>;
  readonly #options: MuxLinkOptions;
  readonly #session = randomBytes(SESSION_BYTES).toString('hex');
  readonly #events = new EventEmitter();
  readonly #channels = new Map<number, MuxChannel>();
  readonly #opening = new Map<number, { resolve(channel: MuxChannel): void; reject(error: Error): void }>();
  readonly #lines: MuxChannel;
  readonly #timer: NodeJS.Timeout;
  #stream: Duplex | undefined;
  #line = '';
  #nextChannel = LINES_CHANNEL + 1;
  #silentLooks = 0;
  #over: string | undefined;
  #resolveOver: (over: LinkOver) => void = () => {};

  private constructor(options: MuxLinkOptions) {
    this.#options = options;
    this.over = new Promise((resolve) => {
      this.#resolveOver = resolve;
    });
    this.#lines = this.#makeChannel(LINES_CHANNEL);
    this.#lines.setEncoding('utf8').on('data', (text: string) => this.#readLines(text));
    this.#timer = setInterval(() => this.#look(), options.pingMs ?? PING_MS).unref();
  }

  /** A session of its own; whoever had one before is cut off. */
  static async begin(options: MuxLinkOptions): Promise<MuxLink> {
    const link = new MuxLink(options);
    try {
      await link.#connect('begin');
    } catch (cause) {
      link.#end((cause as Error).message);
      throw cause;
    }
    return link;
  }

  /** One of the machine's sockets, by its name. */
  async open(name: string): Promise<Duplex> {
    if (this.#over !== undefined) throw new MachineGoneError(this.#over);
    const number = this.#nextChannel++;
    const opened = Promise.withResolvers<MuxChannel>();
    this.#opening.set(number, opened);
    this.#makeChannel(number);
    this.say(`open ${number} ${name}`);
    return opened.promise;
  }

  say(line: string): void {
    if (this.#over === undefined) this.#lines.write(`${line}\n`);
  }

  /** What the mux says of its machine; not of channels, which is heard here. */
  onLine(listener: (line: string) => void): void {
    this.#events.on('line', listener);
  }

  /** The machine's side did what no mux does. */
  onViolation(listener: (detail: string) => void): void {
    this.#events.on('violation', listener);
  }

  /** Goes; what was said before is still said. */
  release(): void {
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.end();
    this.#end('released', true);
  }

  #makeChannel(number: number): MuxChannel {
    const send = (frame: Buffer) => {
      this.#stream?.write(frame);
      if ((this.#stream?.writableLength ?? 0) > MOST_UNREAD_BYTES) this.#violate('it does not read');
    };
    const onClose = () => {
      if (this.#channels.delete(number)) this.say(`close ${number}`);
    };
    const channel = new MuxChannel(number, { send, onClose });
    channel.on('error', () => {});
    this.#channels.set(number, channel);
    return channel;
  }

  async #connect(verb: 'begin' | 'resume'): Promise<void> {
    const stream = await this.#options.connect();
    const greeted = Promise.withResolvers<void>();
    greeted.promise.catch(() => {});
    const unparsed = new Unparsed();
    const timer = setTimeout(() => greeted.reject(new Error('the mux does not answer')), HELLO_TIMEOUT_MS);
    let isGreeted = false;
    readFromGuest(stream, (data) => {
      if (this.#over !== undefined || (isGreeted && this.#stream !== stream)) return;
      this.#silentLooks = 0;
      unparsed.add(data);
      const found = parseFrames(unparsed.bytes);
      if (!found) {
        // Before it has greeted, it may be the engine, which says why there is no mux to speak to.
        if (isGreeted) this.#violate('a frame that is none of a mux');
        else greeted.reject(new Error(`no mux answers: ${printable(unparsed.bytes)}`));
        return;
      }
      for (const frame of found.frames) {
        if (isGreeted) this.#take(frame);
        else if (this.#greet(frame, verb, stream, greeted)) isGreeted = true;
        else break;
      }
      unparsed.skip(found.parsed);
    });
    stream.on('error', () => {});
    // Whoever says nothing more is not there, whether or not it would still listen.
    stream.once('end', () => stream.destroy());
    stream.once('close', () => {
      greeted.reject(new Error('the mux closed the connection'));
      if (this.#stream === stream) this.#lost();
    });
    const offsets = [...this.#channels.values()].map(({ number, received }) => ` ${number}:${received}`);
    const hello = `drydock ${MUX_VERSION} ${verb} ${this.#session}${verb === 'resume' ? offsets.join('') : ''}`;
    stream.write(encodeFrame(FRAME_KINDS.hello, LINES_CHANNEL, Buffer.from(hello)));
    try {
      await greeted.promise;
    } catch (cause) {
      stream.destroy();
      throw cause;
    } finally {
      clearTimeout(timer);
    }
  }

  /** False when the greeting is not one of this session's. */
  #greet(
    { kind, payload }: Frame,
    verb: string,
    stream: Duplex,
    greeted: { resolve(): void; reject(error: Error): void },
  ): boolean {
    const text = payload.toString('latin1');
    const [, answer, rest = ''] = /^drydock 1 (begun|resumed|evicted)((?: \d{1,5}:\d{1,16})*)$/.exec(text) ?? [];
    if (kind !== FRAME_KINDS.hello || answer !== (verb === 'begin' ? 'begun' : 'resumed')) {
      const why = answer === 'evicted' ? 'another server has taken it over' : 'the mux speaks another language';
      greeted.reject(new MachineGoneError(why, { isTakenOver: answer === 'evicted' }));
      return false;
    }
    this.#stream = stream;
    if (verb === 'resume') this.#resume(rest);
    greeted.resolve();
    return true;
  }

  #resume(rest: string): void {
    const taken = new Map(
      rest
        .trim()
        .split(' ')
        .map((pair) => pair.split(':').map(Number) as [number, number]),
    );
    for (const [number, channel] of [...this.#channels].reverse()) {
      // One that the mux has not opened yet is opened by what is said again.
      if (!channel.goOnFrom(taken.get(number) ?? 0)) this.#violate('it has more than was sent');
    }
  }

  #take({ kind, channel: number, payload }: Frame): void {
    const channel = this.#channels.get(number);
    if (kind === FRAME_KINDS.pong || channel === undefined) return;
    if (kind === FRAME_KINDS.data && channel.receive(payload)) return;
    if (kind === FRAME_KINDS.ack && channel.acknowledge(decodeOffset(payload))) return;
    this.#violate(`a frame of kind ${kind} that is none of a mux`);
  }

  #readLines(text: string): void {
    this.#line += text;
    const lines = this.#line.split('\n');
    this.#line = lines.pop() ?? '';
    if ([this.#line, ...lines].some(({ length }) => length > MAX_LINE_BYTES)) {
      this.#violate('a line that is too long');
      return;
    }
    for (const line of lines) this.#readLine(line);
  }

  #readLine(line: string): void {
    const [, what, number, offset] = /^(opened|refused|closed) (\d{1,5})(?: (\d{1,16}))?$/.exec(line) ?? [];
    if (what === undefined) {
      this.#events.emit('line', line);
      return;
    }
    const channel = this.#channels.get(Number(number));
    const opening = this.#opening.get(Number(number));
    this.#opening.delete(Number(number));
    if (what === 'closed') channel?.endAt(Number(offset));
    else if (what === 'opened' && channel) opening?.resolve(channel);
    else if (what === 'refused') {
      opening?.reject(new Error(`the machine has no socket for channel ${number}`));
      channel?.destroy();
    }
  }

  #look(): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    this.#silentLooks += 1;
    if (this.#silentLooks > SILENT_LOOKS) stream.destroy();
    else stream.write(encodeFrame(FRAME_KINDS.ping, LINES_CHANNEL));
  }

  #lost(): void {
    this.#stream = undefined;
    this.#silentLooks = 0;
    void this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    const { attempts = ATTEMPTS } = this.#options;
    for (let attempt = 0; attempt < attempts && this.#over === undefined; attempt += 1) {
      try {
        await this.#connect('resume');
        return;
      } catch (cause) {
        if (cause instanceof MachineGoneError) return this.#end(cause.message, cause.isTakenOver);
        await delay(ATTEMPT_INTERVAL_MS, undefined, { ref: false });
      }
    }
    this.#end('its engine does not answer any more');
  }

  #violate(detail: string): void {
    this.#end(detail);
    this.#events.emit('violation', detail);
  }

  #end(why: string, isTakenOver = false): void {
    if (this.#over !== undefined) return;
    this.#over = why;
    clearInterval(this.#timer);
    this.#stream?.destroy();
    this.#stream = undefined;
    const error = new MachineGoneError(why);
    for (const { reject } of this.#opening.values()) reject(error);
    for (const channel of [...this.#channels.values()]) channel.destroy();
    this.#channels.clear();
    this.#resolveOver({ why, isTakenOver });
  }
}

const SHOWN_BYTES = 200;
const printable = (bytes: Buffer): string =>
  bytes
    .subarray(0, SHOWN_BYTES)
    .toString('latin1')
    .replace(/[^ -~]+/g, ' ');
