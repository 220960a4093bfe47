import { chmod, chown, copyFile, lstat, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { endMachine } from './end-machine.ts';
import { findSupervisor, USERS_FOLDER } from './supervisor.ts';

/** What a machine takes on the disk. Outside, for its supervisor and the server; inside, what its jail shows it. */
export interface RunFolder extends AsyncDisposable {
  /** Belongs to whoever started the server. The machine's host user may walk through it, no other may. */
  readonly path: string;
  /** Its sockets and its disk. The machine's user may write to it until it is sealed. */
  readonly inside: string;
  readonly supervisorSocket: string;
  /**
   * From here on the machine cannot put anything in a socket's place. Called when it listens and its guest has not run.
   * An ordinary user's machine has the same user as the server: what breaks out of it could undo this.
   */
  seal(): Promise<void>;
}

export const OVERLAY_FILE = 'disk.qcow2';

const INSIDE = 'run';
export const SUPERVISOR_SOCKET = 'supervisor.sock';
/** Longest socket path the kernel takes, less the longest name of ours. */
const MAX_FOLDER_LENGTH = 107 - `/${INSIDE}/terminal-0.sock`.length;
/** A younger folder may be one whose supervisor is just being started. */
const SWEPT_AFTER_MS = 60_000;

/** The machines of one state folder, of whichever processes. */
export class RunFolders {
  readonly path: string;
  readonly #asRoot: boolean;

  private constructor(path: string, asRoot: boolean) {
    this.path = path;
    this.#asRoot = asRoot;
  }

  /** Removes what machines left that are over. Those that run, with or without a server, it leaves alone. */
  static async open({ stateFolder, asRoot }: { stateFolder: string; asRoot: boolean }): Promise<RunFolders> {
    const path = machinesFolder(stateFolder);
    // Machines' users walk through it, and may not see whose neighbours they are.
    await mkdir(path, { recursive: true, mode: 0o711 });
    if (asRoot) await mkdir(USERS_FOLDER, { recursive: true, mode: 0o700 });
    const folders = new RunFolders(path, asRoot);
    for (const { id, isOver } of await listMachines(stateFolder)) {
      if (isOver) await rm(join(path, id), { recursive: true, force: true });
    }
    return folders;
  }

  async make(id: string): Promise<RunFolder> {
    const folder = this.find(id);
    if (folder.path.length > MAX_FOLDER_LENGTH) {
      throw new Error(`${folder.path} is too long for a socket. Set XDG_STATE_HOME to a folder with a shorter name.`);
    }
    await mkdir(folder.path, { mode: 0o700 });
    await mkdir(folder.inside, { mode: 0o700 });
    return folder;
  }

  /** Of a machine that may be there. */
  find(id: string): RunFolder {
    const path = join(this.path, id);
    const inside = join(path, INSIDE);
    return {
      ...{ path, inside, supervisorSocket: join(path, SUPERVISOR_SOCKET) },
      seal: () => seal(inside, this.#asRoot),
      [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
    };
  }
}

export interface FoundMachine {
  readonly id: string;
  /** Nobody looks after it any more: the next process that makes machines removes its folder. */
  readonly isOver: boolean;
}

export async function listMachines(stateFolder: string, now = Date.now()): Promise<FoundMachine[]> {
  const parent = machinesFolder(stateFolder);
  const ids = await listFolders(parent);
  return Promise.all(ids.map(async (id) => ({ id, isOver: await isOver(join(parent, id), now) })));
}

export interface EndMachinesOptions {
  readonly stateFolder: string;
  /** Default: every one there is, whoever made it. */
  readonly isMeant?: (id: string) => boolean;
}

/** Resolves, when nothing of them is left, to how many there were. */
export async function endMachines({ stateFolder, isMeant = () => true }: EndMachinesOptions): Promise<number> {
  const parent = machinesFolder(stateFolder);
  const ids = (await listFolders(parent)).filter(isMeant);
  const ends = await Promise.all(ids.map((id) => endMachine(join(parent, id))));
  return ends.filter(Boolean).length;
}

async function listFolders(parent: string): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

const machinesFolder = (stateFolder: string): string => join(stateFolder, 'machines');

async function isOver(folder: string, now: number): Promise<boolean> {
  const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: now }));
  const supervisor = await findSupervisor(join(folder, SUPERVISOR_SOCKET));
  supervisor?.release();
  return supervisor === undefined && now - mtimeMs >= SWEPT_AFTER_MS;
}

async function seal(folder: string, asRoot: boolean): Promise<void> {
  if (asRoot) {
    await chown(folder, 0, 0);
    await chmod(folder, 0o500);
  }
  for (const name of await readdir(folder)) {
    const entry = await lstat(join(folder, name));
    if (name === OVERLAY_FILE ? !entry.isFile() : !entry.isSocket()) {
      throw new Error(`${join(folder, name)} is not what a machine that has just started puts there.`);
    }
  }
}

/** An empty copy-on-write layer. Copying one is quicker than starting qemu-img for each fork. */
export async function placeOverlay(empty: string, folder: string): Promise<void> {
  const path = join(folder, OVERLAY_FILE);
  await copyFile(empty, path);
  await chmod(path, 0o600);
}
