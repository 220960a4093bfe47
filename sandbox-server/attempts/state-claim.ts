import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DrydockError } from '../errors.ts';
import { lockFileWithin, tryLockFile } from '../lock-file.ts';

/** A server that was just killed lets go a moment later. */
const PATIENCE_SECONDS = 2;
const LOCK_FILE = 'server.lock';

/** Two servers would both adopt the same machines, and each believe that they are its own. */
export async function claimState(stateFolder: string): Promise<AsyncDisposable> {
  await mkdir(stateFolder, { recursive: true, mode: 0o711 });
  const lock = await lockFileWithin(join(stateFolder, LOCK_FILE), PATIENCE_SECONDS);
  if (lock) return lock;
  throw new DrydockError(
    'state-in-use',
    `Another server uses ${stateFolder}. Stop that one first, or give this one a state folder of its own: ` +
      'XDG_STATE_HOME=/some/folder npm start',
  );
}

/** For a command that must not meet a server: null while one has it. There must be such a folder. */
export function tryToClaimState(stateFolder: string): Promise<AsyncDisposable | null> {
  return tryLockFile(join(stateFolder, LOCK_FILE));
}
