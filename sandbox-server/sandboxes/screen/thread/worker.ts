// A thread that keeps all screens of a server, because nobody can say what parsing a hostile program's output costs.
import { parentPort, workerData } from 'node:worker_threads';
import { BOARD, NOBODY, type Order, type Report } from './jobs.ts';
import { KeptScreen } from './kept-screen.ts';

/** Processor time after which it is somebody else's turn. */
const SLICE_MS = 4;
const MICROSECONDS = 1_000;

const board = workerData as Int32Array<SharedArrayBuffer>;
const screens = new Map<number, KeptScreen>();
let turn: NodeJS.Immediate | undefined;
let pause: NodeJS.Timeout | undefined;

parentPort?.on('message', ({ screen: id, job }: Order) => {
  const screen = screens.get(id) ?? new KeptScreen(performance.now());
  screens.set(id, screen);
  if (job.kind === 'close' || job.kind === 'forget') screen[Symbol.dispose]();
  else screen.begin(job);
  if (job.kind === 'forget') screens.delete(id);
  schedule();
});

/** Who used little lately does not wait for those who used much; who is in debt waits that off. */
function schedule(): void {
  const now = performance.now();
  clearTimeout(pause);
  clearImmediate(turn);
  const busy = [...screens].filter(([, { work }]) => work !== undefined);
  const waits = busy.map(([, { share }]) => share.wait(now));
  const [next] = busy
    .filter((_, index) => waits[index] === 0)
    .sort(([, one], [, other]) => one.share.recent(now) - other.share.recent(now));
  if (next !== undefined) turn = setImmediate(() => serve(...next));
  else if (busy.length > 0) pause = setTimeout(schedule, Math.min(...waits));
}

function serve(id: number, screen: KeptScreen): void {
  const before = process.threadCpuUsage();
  const used = () => {
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / MICROSECONDS;
  };
  Atomics.store(board, BOARD.screenAtWork, id);
  try {
    workFor(id, screen, used);
  } catch (cause) {
    screen[Symbol.dispose]();
    report({ screen: id, failure: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
  }
  screen.share.use(used());
  Atomics.store(board, BOARD.screenAtWork, NOBODY);
  Atomics.add(board, BOARD.slicesDone, 1);
  schedule();
}

function workFor(id: number, screen: KeptScreen, used: () => number): void {
  do {
    const step = screen.work?.next();
    if (step?.done !== true) continue;
    screen.work = undefined;
    report({ screen: id, outcome: step.value });
    return;
  } while (used() < SLICE_MS);
}

function report(what: Report): void {
  const snapshot = 'outcome' in what ? what.outcome.snapshot?.buffer : undefined;
  parentPort?.postMessage(what, snapshot === undefined ? [] : [snapshot]);
}
