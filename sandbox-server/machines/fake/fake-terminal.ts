import { type MachineTerminal, type MachineTerminalEvents, TERMINAL_WINDOW_BYTES } from '../driver.ts';
import { type Builtin, runFakeScript, type ShellContext } from './fake-shell.ts';
import { KeptOutput } from './kept-output.ts';

/** Stands for the kernel's pty buffer: a command that has this much unread output waits. */
const PTY_BUFFER_BYTES = 16 * 1024;

const KEY = { interrupt: 3, endOfFile: 4, backspace: 0x7f, enter: 13, newline: 10, clearScreen: 12 } as const;

export interface FakeTerminalOptions {
  readonly id: string;
  readonly user: string;
  readonly hostname: string;
  /** The machine's files and power switch. */
  readonly machine: Pick<ShellContext, 'files' | 'powerOff'>;
  readonly builtins: Readonly<Record<string, Builtin>>;
  readonly marksPrompts?: boolean;
  /** Something is asked of the machine. */
  readonly onAsked: () => void;
}

/** A line-editing shell on a pty that does not exist. Paces its output exactly as the port asks of every driver. */
export class FakeTerminal implements MachineTerminal {
  readonly id: string;
  readonly user: string;
  readonly sizes: { cols: number; rows: number }[] = [];
  /** For tests: told of all output as it is printed. */
  onPrinted: ((bytes: Uint8Array) => void) | undefined;
  readonly #options: FakeTerminalOptions;
  #status: 'open' | 'closed' = 'open';
  #events: MachineTerminalEvents | undefined;
  readonly #output = new KeptOutput();
  #delivered = 0;
  /** What is applied, and what is about to be. */
  #inputApplied = 0;
  #inputEnd = 0;
  #line: number[] = [];
  /** Complete lines typed while a command was still running. */
  #typedAhead: string[] = [];
  #running: AbortController | undefined;
  #roomWaiters: (() => void)[] = [];
  #ended = false;

  constructor(options: FakeTerminalOptions) {
    this.id = options.id;
    this.user = options.user;
    this.#options = options;
    this.#print(this.#prompt());
  }

  get status(): 'open' | 'closed' {
    return this.#status;
  }

  get outputStart(): number {
    return this.#output.start;
  }

  get outputEnd(): number {
    return this.#output.end;
  }

  get inputApplied(): number {
    return this.#inputApplied;
  }

  listen(events: MachineTerminalEvents, { from = 0 } = {}): void {
    if (this.#events !== undefined) throw new TypeError(`Terminal ${this.id} already has a listener.`);
    this.#events = events;
    this.#output.forget(from);
    this.#delivered = this.#output.start;
    setImmediate(() => this.#deliver());
  }

  /** Nobody listens any more; what the next listener lacks is kept for it. */
  release(): void {
    this.#events = undefined;
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#options.onAsked();
    const fresh = bytes.subarray(Math.max(0, this.#inputEnd - offset));
    if (this.#ended || offset > this.#inputEnd || fresh.length === 0) return;
    this.#inputEnd += fresh.length;
    setImmediate(() => {
      for (const byte of fresh) this.#key(byte);
      this.#inputApplied = offset + bytes.length;
      this.#events?.inputApplied(this.#inputApplied);
    });
  }

  acknowledge(offset: number): void {
    this.#output.forget(Math.min(offset, this.#delivered));
    setImmediate(() => this.#deliver());
  }

  resize(cols: number, rows: number): void {
    this.#options.onAsked();
    this.sizes.push({ cols, rows });
  }

  login(): void {
    this.#options.onAsked();
    if (this.#status === 'open' || this.#ended) return;
    this.#setStatus('open');
    this.#print(this.#prompt());
  }

  /** For tests: output that no command asked for. Resolves once the pty has taken it. */
  inject(text: string | Uint8Array): Promise<void> {
    return this.#print(text);
  }

  /** Output bytes delivered so far. */
  get delivered(): number {
    return this.#delivered;
  }

  end(): void {
    this.#ended = true;
    this.#running?.abort();
    this.#releaseWaiters();
  }

  #prompt(): string {
    const { user, hostname, marksPrompts = false } = this.#options;
    const prompt = `${user}@${hostname}:~${user === 'root' ? '#' : '$'} `;
    return marksPrompts ? `\x1b]133;D;0\x07${prompt}\x1b]133;B\x07` : prompt;
  }

  async #print(text: string | Uint8Array, signal?: AbortSignal): Promise<void> {
    if (this.#ended) return;
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    this.#output.append(bytes);
    this.onPrinted?.(bytes);
    setImmediate(() => this.#deliver());
    while (this.#unread > PTY_BUFFER_BYTES && !this.#ended && !signal?.aborted) {
      await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
    }
  }

  get #unread(): number {
    return this.#output.end - this.#delivered;
  }

  #deliver(): void {
    if (this.#events === undefined || this.#ended) return;
    const room = this.#output.start + TERMINAL_WINDOW_BYTES - this.#delivered;
    const offset = this.#delivered;
    const bytes = this.#output.read(offset, room);
    if (bytes.length === 0) return;
    this.#delivered += bytes.length;
    this.#events.output(offset, bytes);
    if (this.#unread > 0) setImmediate(() => this.#deliver());
    if (this.#unread <= PTY_BUFFER_BYTES) this.#releaseWaiters();
  }

  #releaseWaiters(): void {
    for (const resolve of this.#roomWaiters.splice(0)) resolve();
  }

  #key(byte: number): void {
    if (this.#status === 'closed') return;
    if (byte === KEY.interrupt) this.#interrupt();
    else if (byte === KEY.enter || byte === KEY.newline) this.#enter();
    else if (byte === KEY.endOfFile && this.#line.length === 0 && this.#running === undefined) this.#logOut();
    else if (byte === KEY.backspace) this.#erase();
    else if (byte === KEY.clearScreen) this.#print(`\x1b[H\x1b[2J${this.#prompt()}`);
    else if (byte >= 0x20) {
      this.#line.push(byte);
      this.#print(Uint8Array.of(byte));
    }
  }

  #erase(): void {
    const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;
    if (this.#line.length === 0) return;
    while (isContinuation(this.#line.pop()));
    this.#print('\b \b');
  }

  #interrupt(): void {
    this.#print('^C\r\n');
    this.#line = [];
    this.#typedAhead = [];
    if (this.#running === undefined) this.#print(this.#prompt());
    else this.#running.abort();
    this.#releaseWaiters();
  }

  #enter(): void {
    const line = Buffer.from(this.#line).toString();
    this.#line = [];
    this.#print('\r\n');
    if (this.#running === undefined) void this.#execute(line);
    else this.#typedAhead.push(line);
  }

  async #execute(line: string): Promise<void> {
    if (line.trim() === 'exit') return this.#logOut();
    this.#running = new AbortController();
    const { signal } = this.#running;
    const context: ShellContext = {
      ...this.#options.machine,
      user: this.user,
      env: { USER: this.user, HOSTNAME: this.#options.hostname },
      signal,
      write: (_fd, text) => this.#print(text.replaceAll('\n', '\r\n'), signal),
    };
    try {
      await runFakeScript(context, line, this.#options.builtins);
    } catch (cause) {
      if (!signal.aborted) throw cause;
    }
    this.#running = undefined;
    if (this.#ended) return;
    const next = this.#typedAhead.shift();
    this.#print(this.#prompt());
    if (next === undefined) return;
    this.#print(`${next}\r\n`);
    await this.#execute(next);
  }

  #logOut(): void {
    this.#print('logout\r\n');
    this.#line = [];
    this.#typedAhead = [];
    this.#setStatus('closed');
  }

  #setStatus(status: 'open' | 'closed'): void {
    this.#status = status;
    this.#events?.status(status);
  }
}
