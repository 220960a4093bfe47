import { chmod, chown, copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFile, tryLockFile } from '../../lock-file.ts';
import { MACHINE_UIDS } from './jail.ts';

/** What a machine takes on the host besides memory: a folder for its sockets and its disk, and a user. */
export interface RunFolder extends AsyncDisposable {
  readonly path: string;
  /** Host user of this machine alone; null where the server itself is an ordinary user. */
  readonly uid: number | null;
}

export const OVERLAY_FILE = 'disk.qcow2';

const LOCK_FILE = 'lock';
const USER_LOCKS = '/run/drydock';
/** Processes of one user that make machines at the same time, each with a block of host users. */
const MAX_BLOCKS = 64;
const UIDS_PER_BLOCK = MACHINE_UIDS.count / MAX_BLOCKS;
/** Longest socket path the kernel takes, less the longest name of ours. */
const MAX_FOLDER_LENGTH = 107 - '/terminal-0.sock'.length;

/** The run folders of one process. It keeps its block locked; what is in an unlocked block, a killed process left. */
export class RunFolders implements AsyncDisposable {
  readonly path: string;
  readonly #lock: AsyncDisposable;
  readonly #uids: { readonly first: number; readonly used: Set<number> } | null;
  #next = 0;

  private constructor(path: string, lock: AsyncDisposable, firstUid: number | null) {
    this.path = path;
    this.#lock = lock;
    this.#uids = firstUid === null ? null : { first: firstUid, used: new Set() };
  }

  static async open({ stateFolder, asRoot }: { stateFolder: string; asRoot: boolean }): Promise<RunFolders> {
    const parent = join(stateFolder, 'run');
    await mkdir(parent, { recursive: true, mode: 0o711 });
    // One process at a time looks for a block, so that nobody sweeps one that is just being taken.
    await using _search = await lockFile(join(parent, LOCK_FILE));
    await sweepUnlocked(parent);
    for (let block = 0; block < MAX_BLOCKS; block += 1) {
      const path = join(parent, String(block));
      await mkdir(path, { recursive: true, mode: 0o711 });
      await using locks = new AsyncDisposableStack();
      if (!locks.use(await tryLockFile(join(path, LOCK_FILE)))) continue;
      if (asRoot && !locks.use(await lockUsers(block))) continue;
      return new RunFolders(path, locks.move(), asRoot ? MACHINE_UIDS.first + block * UIDS_PER_BLOCK : null);
    }
    throw new Error(`${MAX_BLOCKS} processes of this user already run machines. Stop some of them first.`);
  }

  async make(id: string): Promise<RunFolder> {
    const path = join(this.path, id);
    if (path.length > MAX_FOLDER_LENGTH) {
      throw new Error(`${path} is too long for a socket. Set XDG_STATE_HOME to a folder with a shorter name.`);
    }
    await using undo = new AsyncDisposableStack();
    const uid = this.#takeUid();
    if (uid !== null) undo.defer(() => void this.#uids?.used.delete(uid));
    await mkdir(path, { mode: 0o700 });
    undo.defer(() => rm(path, { recursive: true, force: true }));
    if (uid !== null) await chown(path, uid, uid);
    const taken = undo.move();
    return { path, uid, [Symbol.asyncDispose]: () => taken.disposeAsync() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    await this.#lock[Symbol.asyncDispose]();
  }

  #takeUid(): number | null {
    if (!this.#uids) return null;
    const { first, used } = this.#uids;
    if (used.size >= UIDS_PER_BLOCK) throw new Error(`All ${UIDS_PER_BLOCK} host users for machines are in use.`);
    do {
      this.#next = (this.#next + 1) % UIDS_PER_BLOCK;
    } while (used.has(first + this.#next));
    used.add(first + this.#next);
    return first + this.#next;
  }
}

export interface RunBlock {
  readonly path: string;
  /** Names of the machines in it. */
  readonly machines: readonly string[];
  /** False: a killed process left it, and the next one that opens run folders removes it. */
  readonly inUse: boolean;
}

export async function listRunBlocks(stateFolder: string): Promise<RunBlock[]> {
  const parent = join(stateFolder, 'run');
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const blocks = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(parent, name));
  return Promise.all(
    blocks.map(async (path) => {
      const inside = await readdir(path, { withFileTypes: true });
      await using lock = await tryLockFile(join(path, LOCK_FILE));
      const machines = inside.filter((entry) => entry.isDirectory()).map(({ name }) => name);
      return { path, machines, inUse: lock === null };
    }),
  );
}

/** Host users are the host's, whichever state folder a process uses. */
async function lockUsers(block: number): Promise<AsyncDisposable | null> {
  await mkdir(USER_LOCKS, { recursive: true, mode: 0o700 });
  return tryLockFile(join(USER_LOCKS, `users-${block}.lock`));
}

async function sweepUnlocked(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (name === LOCK_FILE) continue;
    await using lock = await tryLockFile(join(parent, name, LOCK_FILE));
    if (lock) await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** An empty copy-on-write layer. Copying one is quicker than starting qemu-img for each fork. */
export async function placeOverlay(empty: string, folder: string, uid: number | null): Promise<void> {
  const path = join(folder, OVERLAY_FILE);
  await copyFile(empty, path);
  await chmod(path, 0o600);
  if (uid !== null) await chown(path, uid, uid);
}
