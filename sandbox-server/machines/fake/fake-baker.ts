import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Baker, DraftMachine, DraftOptions, Network, TemplateRef } from '../driver.ts';
import { FakeMachine } from './fake-machine.ts';

const FROZEN_FILE = 'frozen.json';
const frozenSchema = z.strictObject({
  files: z.record(z.string(), z.string()),
  terminals: z.array(z.strictObject({ id: z.string(), user: z.string() })),
});
type Frozen = z.infer<typeof frozenSchema>;

export async function writeFakeTemplate(folder: string, frozen: Frozen): Promise<void> {
  await writeFile(join(folder, FROZEN_FILE), JSON.stringify(frozen));
}

export async function readFakeTemplate(folder: string): Promise<Frozen> {
  return frozenSchema.parse(JSON.parse(await readFile(join(folder, FROZEN_FILE), 'utf8')));
}

/** For tests: thaws and freezes fake machines. A frozen one is a file that says which files it had. */
export class FakeBaker implements Baker {
  readonly identity = 'fake';
  /** Keys of what was thawed, oldest first. */
  readonly thawed: string[] = [];
  /** Machines thawed and not yet over. */
  readonly alive = new Set<FakeMachine>();
  /** What each template takes on disk. */
  templateBytes = 0;
  /** Awaited before each thawing: a test delays or fails it here. */
  beforeThaw: () => Promise<void> = async () => {};

  network(): Network {
    return { [Symbol.dispose]: () => {} };
  }

  async boot(): Promise<DraftMachine> {
    throw new Error('A fake baker boots no image.');
  }

  async thaw({ key, folder }: TemplateRef, { files = [], ...options }: DraftOptions): Promise<DraftMachine> {
    this.thawed.push(key);
    await this.beforeThaw();
    const { files: frozen, terminals } = await readFakeTemplate(folder);
    const machine = new FakeMachine({
      ...{ id: 'draft', hostname: 'dock', terminals, marksPrompts: true, builtins: {} },
      files: new Map([...Object.entries(frozen), ...files.map(({ path, content }) => [path, content] as const)]),
      // What is done before a freeze is for real memory.
      answer: ({ script }) => (script.includes('/proc/meminfo') ? REST : undefined),
      onOver: (over) => this.alive.delete(over),
    });
    this.alive.add(machine);
    return draftOf(machine, options.folder, this.templateBytes);
  }
}

const REST = { status: 0, timedOut: false, stdout: '', stderr: '', truncated: false };

function draftOf(machine: FakeMachine, folder: string, templateBytes: number): DraftMachine {
  const { id, ended, terminals, record } = machine;
  return {
    ...{ id, ended, terminals, record },
    isPaused: false,
    pause: () => machine.pause(),
    resume: () => machine.resume(),
    usage: () => machine.usage(),
    answers: (signal) => machine.answers(signal),
    examine: () => machine.examine(),
    liveUntil: (time) => machine.liveUntil(time),
    release: () => machine.release(),
    run: (request) => machine.run(request),
    openTerminal: async () => {
      throw new Error('A fake draft has the terminals of what it was thawed from.');
    },
    freeze: async () => {
      const files = Object.fromEntries(machine.files);
      await writeFakeTemplate(folder, { files, terminals: terminals.map(({ id, user }) => ({ id, user })) });
      await writeFile(join(folder, 'memory'), Buffer.alloc(templateBytes, 1));
      await machine[Symbol.asyncDispose]();
    },
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}
