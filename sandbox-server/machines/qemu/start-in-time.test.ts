import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { startInTime } from './start-in-time.ts';

const MACHINE = { [Symbol.asyncDispose]: async () => {} };

/** What hangs until it is told to stop. */
async function hang(signal: AbortSignal): Promise<never> {
  await once(signal, 'abort');
  throw signal.reason;
}

test('what starts in time is what is had', async () => {
  assert.equal(await startInTime({ id: 'm' }, async () => MACHINE), MACHINE);
});

test('what hangs is told to stop, and says where it was', async () => {
  const start = { id: 'm', where: ' on the Docker Engine at x', timeoutMs: 10 };
  await assert.rejects(startInTime(start, hang), {
    code: 'machine-start',
    message: /^Machine m did not run within 0\.01 s on the Docker Engine at x\. Is its host out of memory/,
  });
});

test('a failure of its own, and that nobody wants it any more, are passed on as they are', async () => {
  const failure = new Error('no memory');
  await assert.rejects(
    startInTime({ id: 'm' }, () => Promise.reject(failure)),
    failure,
  );
  const abort = new AbortController();
  const started = startInTime({ id: 'm', signal: abort.signal }, hang);
  abort.abort();
  await assert.rejects(started, { name: 'AbortError' });
});

test('what heeds nobody is left to itself, and ended if it comes after all', async () => {
  const { promise, resolve } = Promise.withResolvers<AsyncDisposable>();
  const ended = Promise.withResolvers<void>();
  await assert.rejects(
    startInTime({ id: 'm', timeoutMs: 5 }, () => promise),
    { code: 'machine-start' },
  );
  resolve({ [Symbol.asyncDispose]: async () => ended.resolve() });
  await ended.promise;
});
