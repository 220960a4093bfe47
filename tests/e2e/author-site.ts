import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROJECT = join(import.meta.dirname, '../..');
const PARTS = [
  ...['cli', 'content', 'labs', 'protocol', 'public', 'sandbox-server', 'src'],
  ...['package.json', 'tsconfig.json', 'tsconfig.base.json', 'astro.config.mjs'],
];
/** On the same disk as the packages, and in no folder that Vite does not watch, as it does test-results. */
const PLACE = join(PROJECT, '.astro');

/** `npm run dev` on a copy of the project in which files may be edited, with pretended machines. */
export class AuthorSite implements AsyncDisposable {
  readonly origin: string;
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #waiters = new Set<() => void>();

  static async start(): Promise<AuthorSite> {
    mkdirSync(PLACE, { recursive: true });
    const folder = mkdtempSync(join(PLACE, 'author-site-'));
    for (const part of PARTS) cpSync(join(PROJECT, part), join(folder, part), { recursive: true });
    // Astro wants its packages inside of the project. Hard links: no second copy of them.
    execFileSync('cp', ['-al', join(PROJECT, 'node_modules'), folder]);
    // What is kept there by tools would be written into the originals.
    const kept = ['.vite', '.astro', '.cache'].map((name) => join(folder, 'node_modules', name));
    for (const path of kept) rmSync(path, { recursive: true, force: true });
    const site = new AuthorSite(folder, await freePort());
    await site.said(/^Drydock is ready at/);
    await site.said(/watching for file changes/);
    return site;
  }

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.origin = `http://127.0.0.1:${port}`;
    const run = `import('./cli/dev.ts').then(async ({ run }) => { process.exitCode = await run(); })`;
    this.#process = spawn(process.execPath, ['--input-type=module', '--eval', run], {
      cwd: folder,
      env: { ...process.env, DRIVER: 'fake', PORT: String(port), XDG_STATE_HOME: join(folder, 'state') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (this.#process.stdout === null) throw new TypeError('nothing to read');
    this.#process.once('exit', () => this.#wake());
    createInterface(this.#process.stdout).on('line', (line) => {
      this.#lines.push(line);
      this.#wake();
    });
  }

  /** As editors save: another file, renamed over the old one. */
  edit(file: string, change: (text: string) => string): void {
    const path = join(this.#folder, file);
    writeFileSync(`${path}~`, change(readFileSync(path, 'utf8')));
    renameSync(`${path}~`, path);
  }

  copy(from: string, to: string): void {
    cpSync(join(this.#folder, from), join(this.#folder, to), { recursive: true });
  }

  /** Resolves when its terminal has shown such a line since this was last asked. */
  async said(line: RegExp): Promise<void> {
    for (;;) {
      const index = this.#lines.findIndex((said) => line.test(said));
      if (index >= 0) {
        this.#lines.splice(0, index + 1);
        return;
      }
      if (this.#process.exitCode !== null) throw new Error(`npm run dev has ended:\n${this.#lines.join('\n')}`);
      await new Promise<void>((resolve) => {
        const waiter = () => {
          this.#waiters.delete(waiter);
          resolve();
        };
        this.#waiters.add(waiter);
      });
    }
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGINT');
      await ended;
    }
    rmSync(this.#folder, { recursive: true });
  }
}

/** Of a pair: the server listens on the next one. */
async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
