// The thread of the screens, with a program in it that is the end of whoever parses a certain word.
import { parentPort, workerData } from 'node:worker_threads';
import { BOARD, type Order } from '../sandboxes/screen/thread/jobs.ts';

export const DEADLY = { hang: 'hang-here', crash: 'crash-here' } as const;

parentPort?.on('message', ({ screen, job }: Order) => {
  const text = 'bytes' in job ? Buffer.from(job.bytes).toString() : '';
  const isDeadly = Object.values(DEADLY).some((word) => text.includes(word));
  if (!isDeadly) return;
  Atomics.store(workerData as Int32Array, BOARD.screenAtWork, screen);
  if (text.includes(DEADLY.crash)) throw new Error('crashed');
  for (;;);
});
await import('../sandboxes/screen/thread/worker.ts');
