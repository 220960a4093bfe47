import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import type { MountSettings } from 'dockerode';
import { DrydockError } from '../../errors.ts';
import { STORE, UNUSED_DAYS } from './container-commands.ts';
import { filesMount } from './container-options.ts';
import { countBytes } from './count-bytes.ts';
import { CONTAINER, type DockerDriverOptions, FILES_VOLUME, LABELS } from './docker-context.ts';
import { identifyFiles } from './identify-files.ts';
import { runHelper } from './run-helper.ts';

export type StoreOptions = Pick<
  DockerDriverOptions,
  'engine' | 'runner' | 'owner' | 'accelerator' | 'groups' | 'onDeliver'
> & { readonly processors: number };

/**
 * Files of images and templates on an engine: brought there once, in a volume that every machine's container mounts and
 * none can write. All of them read the same files, so their pages are in memory once.
 */
export class EngineStore {
  readonly #options: StoreOptions;
  readonly #brought = new Map<string, Promise<string>>();
  #present: Promise<Set<string>> | undefined;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  /** For a machine's container. */
  get mount(): MountSettings {
    return filesMount({ isWritable: false });
  }

  /** Where these files of a folder are in every machine's container; brought there first if they are not. */
  bring(folder: string, names: readonly string[]): Promise<string> {
    const id = JSON.stringify([folder, names]);
    const known = this.#brought.get(id) ?? this.#bring(folder, names);
    this.#brought.set(id, known);
    known.catch(() => this.#brought.delete(id));
    return known;
  }

  /** Something was not where it should be: the next one looks again. */
  forget(): void {
    this.#brought.clear();
    this.#present = undefined;
  }

  /** Removes what no start has wanted for long. */
  async sweep(): Promise<void> {
    const used = (await Promise.all(this.#brought.values())).map((path) => basename(path));
    await this.#run(['sweep', UNUSED_DAYS, ...used]);
  }

  async #bring(folder: string, names: readonly string[]): Promise<string> {
    const { digest, diskBytes } = await identifyFiles(folder, names);
    const present = await this.#list();
    if (!present.has(digest)) {
      await this.#deliver(folder, digest, names, diskBytes);
      present.add(digest);
    }
    return `${CONTAINER.files}/${digest}`;
  }

  #list(): Promise<Set<string>> {
    this.#present ??= this.#open();
    this.#present.catch(() => {
      this.#present = undefined;
    });
    return this.#present;
  }

  async #open(): Promise<Set<string>> {
    const { engine } = this.#options;
    await engine.docker.createVolume({ Name: FILES_VOLUME, Labels: { [LABELS.kind]: 'files' } });
    const list = await this.#run(['list']);
    return new Set(list.split('\n').filter(Boolean));
  }

  async #deliver(folder: string, digest: string, names: readonly string[], bytes: number): Promise<void> {
    const { engine, onDeliver } = this.#options;
    const progress = onDeliver?.(basename(folder));
    const archiver = spawn('tar', ['--create', '--sparse', '--directory', folder, '--file', '-', ...names], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(archiver, 'close');
    ended.catch(() => {});
    const counted = archiver.stdout.pipe(countBytes(bytes, (line) => progress?.report(line)));
    try {
      await this.#run(['put', digest], counted);
      const [status] = await ended;
      if (status !== 0) throw new Error(`tar ended with ${status}`);
    } catch (cause) {
      archiver.kill();
      const text = (cause as Error).message;
      const full = /no space left/i.test(text);
      const what = `Images could not be brought to the Docker Engine at ${engine.address}: ${text}.`;
      const fix = full ? 'Free some space on its disk.' : 'Try again; "npm run doctor" says what the engine is like.';
      throw new DrydockError(full ? 'engine-no-space' : 'engine-unreachable', `${what} ${fix}`, { cause });
    }
    progress?.end();
  }

  #run(order: readonly string[], input?: Readable): Promise<string> {
    const mount = filesMount({ isWritable: true });
    return runHelper(this.#options, { command: [...STORE, ...order], mounts: [mount], ...(input && { input }) });
  }
}
