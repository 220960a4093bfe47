import { DrydockError } from '../../errors.ts';
import type { ForkOptions } from '../driver.ts';

/** Of one fork, once it is its turn: two hundred times what it takes under emulation, sixty times in a container. */
const START_TIMEOUT_MS = 60_000;
const GRACE_MS = 2_000;

type Start = Pick<ForkOptions, 'id' | 'signal'> & {
  /** Completes "… did not run within 60 s"; empty: here. */
  readonly where?: string;
  readonly timeoutMs?: number;
};

/**
 * Whatever hangs, engine, QEMU or guest, a fork comes to an end: somebody waits for it, and it holds a place. What heeds no
 * signal is left to itself, and disposed of if it comes after all.
 */
export async function startInTime<T extends AsyncDisposable>(
  { id, signal: given, where = '', timeoutMs = START_TIMEOUT_MS }: Start,
  start: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = given ? AbortSignal.any([given, deadline]) : deadline;
  const started = start(signal);
  try {
    return await Promise.race([started, aborted(signal)]);
  } catch (cause) {
    void started.then((late) => late[Symbol.asyncDispose]()).catch(() => {});
    if (!deadline.aborted || given?.aborted) throw cause;
    const message = `Machine ${id} did not run within ${timeoutMs / 1000} s${where}.`;
    const fix = 'Is its host out of memory or processors? Lower MAX_SANDBOXES, or run npm run doctor.';
    throw new DrydockError('machine-start', `${message} ${fix}`, { cause });
  }
}

/** Rejects a moment after: what heeds the signal says why it failed. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const tell = () => setTimeout(() => reject(signal.reason), GRACE_MS).unref();
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell, { once: true });
  });
}
