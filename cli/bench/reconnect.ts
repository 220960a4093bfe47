import { deepEqual } from 'node:assert/strict';
import { screenState } from '../../sandbox-server/testing/screen-state.ts';
import { TestBrowser } from '../../sandbox-server/testing/test-browser.ts';
import type { TestPage } from '../../sandbox-server/testing/test-page.ts';
import { SpareServer } from '../serve/spare-server.ts';
import { DelayingProxy } from './delaying-proxy.ts';
import { Learner, type LearnerOptions } from './learner.ts';
import type { Sizes } from './measurements.ts';
import { type Figure, figure } from './statistics.ts';

/** What is printed while the page is away: a few hundred bytes, and more than is sent as it was printed. */
export const MISSED = { little: 'seq 100', much: 'seq 80000' } as const;
/** One way; far more than what a step takes by itself. */
const FAR_MS = 50;

type Subject = Omit<LearnerOptions, 'origin' | 'copies'>;

interface Options extends Subject {
  readonly missed: keyof typeof MISSED;
}

/** Milliseconds from asking for a ticket until a page that was cut off has the screen of one that stayed. */
export async function reconnect(options: Options, { prompts }: Sizes): Promise<Figure> {
  await using scene = await openScene(options);
  return figure(await scene.comeBack(prompts, { delayMs: 0 }));
}

/** The same in round trips, by how much longer it takes over a network that is far away. */
export async function reconnectRoundTrips(options: Options, { prompts }: Sizes): Promise<Figure> {
  await using scene = await openScene(options);
  const near = figure(await scene.comeBack(prompts, { delayMs: 0 })).median;
  const far = await scene.comeBack(prompts, { delayMs: FAR_MS });
  return figure(far.map((ms) => (ms - near) / (2 * FAR_MS)));
}

async function openScene({ missed, ...subject }: Options) {
  const stack = new AsyncDisposableStack();
  const proxy = stack.use(await DelayingProxy.open());
  const env = { PUBLIC_ORIGINS: proxy.origin };
  const { origin } = stack.use(await SpareServer.start({ name: 'bench-reconnect', env }));
  proxy.leadTo(origin);
  const { learner } = await Learner.click({ origin, ...subject, copies: true });
  stack.use(learner);
  const browser = new TestBrowser({ origin: proxy.origin, lab: subject.lab });
  browser.cookie = learner.cookie;
  let page = await browser.open({ copies: true });
  await hasAll(page, learner.page, subject.terminal);

  const sample = async (index: number) => {
    const snapshots = page.snapshots(subject.terminal);
    await page.cut();
    await learner.command(`${MISSED[missed]}; echo do""ne${index}`, new RegExp(`done${index}\\r`));
    await learner.settle();
    const started = performance.now();
    const continued = await browser.open({ copies: true, continues: page });
    await hasAll(continued, learner.page, subject.terminal);
    page = continued;
    const ms = performance.now() - started;
    deepEqual(page.snapshots(subject.terminal) > snapshots, missed === 'much', 'by a snapshot or not');
    deepEqual(stateOf(page, subject.terminal), stateOf(learner.page, subject.terminal));
    return ms;
  };
  let samples = 0;
  const comeBack = async (count: number, { delayMs }: { delayMs: number }) => {
    proxy.delayMs = delayMs;
    const times: number[] = [];
    for (; times.length < count; samples += 1) times.push(await sample(samples));
    return times;
  };
  return { comeBack, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Nothing more is printed meanwhile. */
async function hasAll(page: TestPage, stays: TestPage, terminal: string): Promise<void> {
  await page.until(() => page.end(terminal) === stays.end(terminal) && page.isWhole(terminal));
}

const stateOf = (page: TestPage, terminal: string) => screenState(page.copy(terminal).core);
