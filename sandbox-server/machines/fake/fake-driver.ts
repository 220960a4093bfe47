import { DrydockError } from '../../errors.ts';
import type { HostResources } from '../../room.ts';
import type { Driver, ForkOptions, HostDisk, MachineRecord, Network, TemplateRef } from '../driver.ts';
import { namesIn } from '../names-in.ts';
import { type FakeAnswer, FakeMachine } from './fake-machine.ts';
import { type Builtin, runFakeScript } from './fake-shell.ts';

export interface FakeTemplateSpec {
  readonly hostname: string;
  readonly terminals: readonly { readonly id: string; readonly user: string }[];
  /** What was typed before it was frozen, and by whom; nothing of it is on the screen. */
  readonly typed?: readonly { readonly user: string; readonly command: string }[];
}

export interface FakeDriverOptions {
  /** Answers `run()`; by default every script goes to the small built-in shell. */
  readonly answer?: FakeAnswer;
  /** Further commands that can be typed in a terminal or used in a script. */
  readonly builtins?: Readonly<Record<string, Builtin>>;
  /** Machines that another driver made, which this one may adopt: they outlive drivers, as real ones do. */
  readonly host?: Set<FakeMachine>;
  /** Whether it can read the record of a machine to adopt; default: each. */
  readonly understands?: (record: MachineRecord) => boolean;
  /** Awaited before each adoption, as beforeFork. */
  readonly beforeAdopt?: () => Promise<void>;
  /** Awaited before each fork: a test delays or fails it here. */
  readonly beforeFork?: (options: ForkOptions) => Promise<void>;
  /** What `disk()` says; default: fake machines write nowhere. */
  readonly disk?: () => HostDisk;
  /** What `hosts()` says; default: this computer. */
  readonly hosts?: () => readonly HostResources[];
  /** What `problem()` says. */
  readonly problem?: () => string | undefined;
}

/** Machines made of nothing: for unit tests, and for working on the page without QEMU (`DRIVER=fake`). */
export class FakeDriver implements Driver {
  readonly kind = 'fake';
  /** Machines alive now on its host, oldest first. */
  readonly machines: Set<FakeMachine>;
  readonly #options: FakeDriverOptions;
  /** Forks that a test waits for, by their index. */
  readonly #awaited = new Map<number, PromiseWithResolvers<FakeMachine>>();
  #forks = 0;
  readonly #templates = new Map<string, FakeTemplateSpec>();

  constructor(options: FakeDriverOptions = {}) {
    this.#options = options;
    this.machines = options.host ?? new Set();
  }

  /** For a test, before it happens: the machine of that many forks, when there is one; the first is 0. */
  forked(index: number): Promise<FakeMachine> {
    if (index < this.#forks) throw new RangeError(`Fork ${index} has been already.`);
    const awaited = Promise.withResolvers<FakeMachine>();
    this.#awaited.set(index, awaited);
    return awaited.promise;
  }

  /** Takes the place of building an image and baking a template. */
  template(key: string, spec: FakeTemplateSpec): TemplateRef {
    this.#templates.set(key, spec);
    return { key, folder: `/nowhere/${key}` };
  }

  async fork(template: TemplateRef, options: ForkOptions): Promise<FakeMachine> {
    const spec = this.#templates.get(template.key);
    if (spec === undefined) {
      throw new DrydockError(
        'template-unknown',
        `The fake driver has no template "${template.key}". Register it first.`,
      );
    }
    await this.#options.beforeFork?.(options);
    options.signal?.throwIfAborted();
    const files = await filesOf(spec, options, this.#options.builtins ?? {});
    const answer = this.#options.answer ?? (() => undefined);
    const machine = new FakeMachine({
      ...{ ...spec, id: options.id, files, answer, builtins: this.#options.builtins ?? {} },
      onOver: (over) => this.machines.delete(over),
    });
    this.machines.add(machine);
    this.#awaited.get(this.#forks)?.resolve(machine);
    this.#awaited.delete(this.#forks);
    this.#forks += 1;
    return machine;
  }

  async problem(): Promise<string | undefined> {
    return this.#options.problem?.();
  }

  disk(): HostDisk | undefined {
    return this.#options.disk?.();
  }

  hosts(): readonly HostResources[] | undefined {
    return this.#options.hosts?.();
  }

  async adopt(record: MachineRecord): Promise<FakeMachine | undefined> {
    await this.#options.beforeAdopt?.();
    if (this.#options.understands?.(record) === false) return undefined;
    const machine = [...this.machines].find(({ id }) => id === record.id);
    return machine?.rejoin();
  }

  async endNamed(text: string): Promise<number> {
    const names = namesIn(text);
    const named = [...this.machines].filter(({ id }) => names.has(id));
    for (const machine of named) machine.kill('it was told to end');
    return named.length;
  }

  /** Nothing: what a fake machine can do reaches no other one. */
  network(): Network {
    return { [Symbol.dispose]: () => {} };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.machines].filter(({ isReleased }) => !isReleased).map((machine) => machine[Symbol.asyncDispose]()),
    );
  }
}

/** As a real fork has them: a personal file that was there while something was typed is renewed where it still is. */
async function filesOf(
  { typed = [] }: FakeTemplateSpec,
  { files: personal = [] }: ForkOptions,
  builtins: Readonly<Record<string, Builtin>>,
): Promise<Map<string, string>> {
  const files = new Map(personal.map(({ path }) => [path, 'thrown away\n']));
  const { signal } = new AbortController();
  const unseen = { env: {}, files, signal, write: async () => {}, powerOff: () => {} };
  for (const { user, command } of typed) await runFakeScript({ ...unseen, user }, command, builtins);
  for (const { path, content } of personal) if (files.has(path)) files.set(path, content);
  return files;
}
