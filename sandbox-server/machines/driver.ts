import type { Impairment } from '../../protocol/troubles.ts';
import type { HostResources } from '../room.ts';

/** The port through which everything above makes machines. `local/`, `docker/` and `fake/` implement it; compose.ts picks one. */

/** Where a frozen machine's files are. Immutable; made by `images/`, opened by the driver that made it. */
export interface TemplateRef {
  /** Hash of everything that went in (recipe, scripts, QEMU version, command line). */
  readonly key: string;
  /** Folder that holds memory, device state and disk. */
  readonly folder: string;
}

/**
 * A file put into a machine right after its fork, before anybody can log in: how secrets differ per sandbox. Of a
 * template that was made with it in place, a fork only replaces what it says, and leaves it gone where it is gone.
 */
export interface PersonalFile {
  readonly path: string;
  readonly content: string;
  /** Octal mode, e.g. 0o600. */
  readonly mode: number;
  readonly owner: string;
}

/**
 * The private network of a sandbox's machines: what one sends reaches the others, and nothing else does. A machine whose
 * template has a network card is plugged in when it starts, in any order. Disposing unplugs none.
 */
export interface Network extends Disposable {}

export interface ForkOptions {
  /** Unique, `[a-z0-9-]`, at most 32 characters; also names the run folder. */
  readonly id: string;
  readonly files?: readonly PersonalFile[];
  /** What its network card is plugged into; without one, nothing is. */
  readonly network?: Network;
  readonly signal?: AbortSignal;
  /** A part of the start is over; for whoever wants to know where the time goes. */
  readonly onPart?: (part: ForkPart) => void;
}

/** In this order: the process runs, the frozen state is loaded, the guest has its time, randomness and files. */
export type ForkPart = 'launch' | 'restore' | 'wake';

/** Where a driver finds a machine again: plain JSON that only the driver understands that made it. */
export type MachineRecord = Readonly<Record<string, unknown>>;

/** Where machines write. */
export interface HostDisk {
  readonly freeBytes: number;
  /** The most that one machine may write. */
  readonly machineBytes: number;
}

export interface Driver extends AsyncDisposable {
  readonly kind: 'local' | 'docker' | 'fake';
  /** Starts a copy-on-write machine; resolves once its clock and randomness are fresh and its files are in place. */
  fork(template: TemplateRef, options: ForkOptions): Promise<Machine>;
  /** A network for one group of machines. */
  network(): Network;
  /** What keeps it from making machines now, in words for an operator; `undefined` when nothing is known to. */
  problem(): Promise<string | undefined>;
  /** `undefined` when that cannot be known, or machines write nowhere. */
  disk(): HostDisk | undefined;
  /** What machines run on now; `undefined`: this computer. */
  hosts(): readonly HostResources[] | undefined;
  /**
   * Takes over a machine that its server left, by release() or because it died. Scripts that server had running are
   * stopped. `undefined` when the machine is over, or the record is not one that this driver understands. Rejects when it
   * is there and cannot be taken over; then it is ended.
   */
  adopt(record: MachineRecord, signal?: AbortSignal): Promise<Machine | undefined>;
  /**
   * Ends the machines that are named in a text, whatever version of Drydock wrote it: what cannot be understood can be
   * ended. Resolves to how many there were.
   */
  endNamed(text: string): Promise<number>;
}

/** A built disk, kernel and initrd; what a base template is booted from. */
export interface ImageRef {
  readonly key: string;
  readonly folder: string;
}

/** Virtual size of every machine's disk, sparse: layers must agree with the image below them. */
export const DISK_BYTES = 6 * 1024 ** 3;

export interface DraftOptions {
  /** Empty folder on the same file system as the finished template; the machine writes into it. */
  readonly folder: string;
  /** As those of a fork: put in place before the draft can be used. */
  readonly files?: readonly PersonalFile[];
  /** As ForkOptions'. */
  readonly network?: Network;
  readonly signal?: AbortSignal;
}

export interface ThawOptions extends DraftOptions {
  /** Gives it a network card of this address. The guest finds it when it looks for new devices on its bus. */
  readonly mac?: string;
}

/** What a driver that can make templates offers to images/. */
export interface Baker {
  /** Everything about this host that a template depends on: another value, another template. */
  readonly identity: string;
  /** A network for one group of drafts. */
  network(): Network;
  /** Boots an image; resolves when the agent answers. */
  boot(image: ImageRef, options: DraftOptions): Promise<DraftMachine>;
  /** A fork whose memory is kept, to be changed and frozen again. */
  thaw(template: TemplateRef, options: ThawOptions): Promise<DraftMachine>;
}

/** A machine that is to become a template. */
export interface DraftMachine extends Machine {
  /** Opens the next terminal, its shell starting. */
  openTerminal(terminal: { readonly id: string; readonly user: string }): Promise<MachineTerminal>;
  /**
   * Stops the guest for good and completes the folder. A fork shows what was printed and not acknowledged; both
   * directions are numbered from 0 there. The machine is over, whether or not this succeeds.
   */
  freeze(signal?: AbortSignal): Promise<void>;
}

/** The first cause of an end wins. */
export type MachineEnd =
  | { readonly cause: 'disposed' }
  /** By itself. `detail` is for logs, never for learners. */
  | { readonly cause: 'crashed'; readonly kind: CrashKind; readonly detail: string }
  | { readonly cause: 'frozen'; readonly detail: string }
  /** It lives on, but this driver has nothing to do with it any more. */
  | { readonly cause: 'released' };

/**
 * From inside: it was shut down, or restarted, which ends it as well; its kernel went down without that; what connects its
 * terminals was ended or replaced. Or the process that the machine is was lost.
 */
export type CrashKind = 'shut-down' | 'restarted' | 'kernel' | 'agent' | 'lost';

export interface RunRequest {
  /** A bash script, pushed into the machine at run time and gone afterwards. */
  readonly script: string;
  /** Default `root`; with the groups it has now. By a login shell, which reads its profile, when `login` is true. */
  readonly user?: string;
  readonly login?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  /** Exit status; null when a signal or the deadline ended it. */
  readonly status: number | null;
  readonly timedOut: boolean;
  /** At most MAX_RUN_OUTPUT_BYTES of each, UTF-8; what exceeds it is dropped and `truncated` is true. */
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
}

export const MAX_RUN_OUTPUT_BYTES = 64 * 1024;

/** What a machine takes of its host. */
export interface MachineUsage {
  /** Since it began. */
  readonly processorMs: number;
  /** What it has written to: it shares the rest with its template and the others forked from it. */
  readonly memoryBytes: number;
}

/** What keeps a machine that answers from being used, as one look at it found. */
export type Finding = Pick<Impairment, 'what'> & { readonly kind: Exclude<Impairment['kind'], 'silent' | 'busy'> };

/** One running VM. Disposing ends it; disposing twice is harmless. */
export interface Machine extends AsyncDisposable {
  readonly id: string;
  /** Resolves (never rejects) when the machine has ended, whoever ended it. */
  readonly ended: Promise<MachineEnd>;
  readonly terminals: readonly MachineTerminal[];
  /** What this driver, in this process or a later one, adopts the machine by. */
  readonly record: MachineRecord;
  /**
   * From now on it outlives whoever made it, until `time` (milliseconds since 1970; a later call replaces it). Before, it
   * ends with its maker.
   */
  liveUntil(time: number): void;
  /** Leaves it to itself: connections are closed, the machine goes on. */
  release(): void;
  readonly isPaused: boolean;
  /**
   * The guest stands still and takes no processor time until something is asked of it, which resumes it: a script, a
   * key, a size, a login. Does nothing while a script runs.
   */
  pause(): Promise<void>;
  /** Resolves when the guest runs and has the right time and fresh randomness. Harmless when it runs already. */
  resume(): Promise<void>;
  /** `undefined` when that cannot be known, or the machine has ended. */
  usage(): Promise<MachineUsage | undefined>;
  /**
   * Resolves when the guest answers, which takes no time and nearly no work even while a script runs, and does not resume
   * a paused one. One question at a time. Rejects with MachineEndedError when the machine ends.
   */
  answers(signal?: AbortSignal): Promise<void>;
  /** Takes a look, in turn with scripts; `undefined` when that tells nothing, as of a machine that is busy or over. */
  examine(): Promise<readonly Finding[] | undefined>;
  /** Beside the terminals, low priority, one at a time. Rejects with MachineEndedError when the machine ends. */
  run(request: RunRequest): Promise<RunResult>;
}

export interface MachineTerminalEvents {
  /** Consecutive: `offset` always continues where the last call ended. */
  output(offset: number, bytes: Uint8Array): void;
  /** The guest has applied input up to here. */
  inputApplied(offset: number): void;
  /** A login shell is running, or it ended. */
  status(status: 'open' | 'closed'): void;
}

/** One pty in a machine. Terminals are opened when the template is made, so their prompts are there at the fork. */
export interface MachineTerminal {
  readonly id: string;
  readonly user: string;
  readonly status: 'open' | 'closed';
  /** Input the guest has applied so far: 0 of a fresh machine, where numbering goes on of an adopted one. */
  readonly inputApplied: number;
  /** Oldest output that the machine still has when delivery starts: what came before was acknowledged, and is gone. */
  readonly outputStart: number;
  /** Where what it has ended when it was adopted: so much comes for certain, and at once. */
  readonly outputEnd: number;
  /**
   * Starts delivery; one listener, set once. Output since the fork is never lost before that, nor what an adopted
   * machine printed while nobody listened. A listener that has output already says so: delivery begins at `from`, or
   * where what the machine still has begins.
   */
  listen(events: MachineTerminalEvents, options?: { readonly from?: number }): void;
  /** Input numbered from 0; bytes the machine already has are skipped, so repeating them is harmless. */
  write(offset: number, bytes: Uint8Array): void;
  /**
   * Output up to `offset` is safe with the caller. The machine holds at most `TERMINAL_WINDOW_BYTES` beyond it,
   * then stops reading the pty: this is what paces `yes`.
   */
  acknowledge(offset: number): void;
  resize(cols: number, rows: number): void;
  /** New login shell after `closed`. */
  login(): void;
}

export const TERMINAL_WINDOW_BYTES = 128 * 1024;
