import { chmod, chown, copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MACHINE_UIDS } from './jail.ts';

/** What a machine takes on the host besides memory: a folder for its sockets and its disk, and a user. */
export interface RunFolder extends AsyncDisposable {
  readonly path: string;
  /** Host user of this machine alone; null where the server itself is an ordinary user. */
  readonly uid: number | null;
}

export const OVERLAY_FILE = 'disk.qcow2';

/** Longest socket path the kernel takes, less the longest name of ours. */
const MAX_FOLDER_LENGTH = 107 - '/terminal-0.sock'.length;

export class RunFolders {
  readonly #parent: string;
  readonly #asRoot: boolean;
  readonly #usedUids = new Set<number>();
  #nextUid = 0;

  constructor(options: { stateFolder: string; asRoot: boolean }) {
    this.#parent = join(options.stateFolder, 'machines');
    this.#asRoot = options.asRoot;
  }

  /** Sweeps what a server that was killed left behind. Its machines died with it. */
  async prepare(): Promise<void> {
    await rm(this.#parent, { recursive: true, force: true });
    await mkdir(this.#parent, { recursive: true, mode: 0o711 });
  }

  async make(id: string): Promise<RunFolder> {
    const path = join(this.#parent, id);
    if (path.length > MAX_FOLDER_LENGTH) {
      throw new Error(`${path} is too long for a socket. Set XDG_STATE_HOME to a folder with a shorter name.`);
    }
    const uid = this.#takeUid();
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (uid !== null) await chown(path, uid, uid);
    const dispose = async () => {
      await rm(path, { recursive: true, force: true });
      if (uid !== null) this.#usedUids.delete(uid);
    };
    return { path, uid, [Symbol.asyncDispose]: dispose };
  }

  #takeUid(): number | null {
    if (!this.#asRoot) return null;
    do {
      this.#nextUid = (this.#nextUid + 1) % MACHINE_UIDS.count;
    } while (this.#usedUids.has(MACHINE_UIDS.first + this.#nextUid));
    const uid = MACHINE_UIDS.first + this.#nextUid;
    this.#usedUids.add(uid);
    return uid;
  }
}

/** An empty copy-on-write layer. Copying one is quicker than starting qemu-img for each fork. */
export async function placeOverlay(empty: string, folder: string, uid: number | null): Promise<void> {
  const path = join(folder, OVERLAY_FILE);
  await copyFile(empty, path);
  await chmod(path, 0o600);
  if (uid !== null) await chown(path, uid, uid);
}
