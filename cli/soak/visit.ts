import { TestBrowser } from '../../sandbox-server/testing/test-browser.ts';
import type { TestPage } from '../../sandbox-server/testing/test-page.ts';

export interface VisitOptions {
  readonly origin: string;
  readonly lab: string;
  readonly terminal: string;
  /** Kills some machine from outside. */
  readonly kill: () => void;
  /** From 0 to 1; a parameter so that a test is repeatable. */
  readonly random: () => number;
}

const SHARE_THAT_RESETS = 0.2;
const SHARE_THAT_IS_CUT = 0.3;
const SHARE_THAT_IS_RELOADED = 0.5;
const SHARE_THAT_IS_KILLED = 0.15;

/**
 * A learner opens a lab, types, loses the page and comes back, perhaps resets, and goes: properly, or because the
 * machine was killed. Whatever happens, others' visits may kill this one's machine meanwhile. Resolves to the number of
 * sandboxes that were started.
 */
export async function visit({ origin, lab, terminal, kill, random }: VisitOptions): Promise<number> {
  const browser = new TestBrowser({ origin, lab });
  const first = await browser.open();
  await settled(first);
  await type(first, terminal, 'first');
  const { resume } = first;
  if (random() < SHARE_THAT_IS_CUT) await first.cut();
  else await first.close();
  const page = await browser.open({ resume: random() < SHARE_THAT_IS_RELOADED ? null : resume });
  await settled(page);
  await type(page, terminal, 'second');
  const resets = random() < SHARE_THAT_RESETS;
  if (resets) {
    await reset(page);
    await type(page, terminal, 'third');
  }
  if (random() < SHARE_THAT_IS_KILLED) {
    kill();
    await type(page, terminal, 'fourth');
  }
  page.send({ type: 'stop' });
  await page.stateWhere(({ phase }) => phase.kind === 'ended');
  await page.close();
  const fault = first.fault ?? page.fault;
  if (fault !== undefined) throw new Error(`A page saw ${fault}.`);
  return resets ? 2 : 1;
}

/** Its machine runs, or is gone already. */
async function settled(page: TestPage): Promise<void> {
  await page.stateWhere(({ phase }) => phase.kind === 'running' || phase.kind === 'ended');
}

async function type(page: TestPage, terminal: string, word: string): Promise<void> {
  if (page.state?.phase.kind !== 'running') return;
  page.type(terminal, `echo ${word.slice(0, 2)}""${word.slice(2)}\r`);
  const isShown = () => new RegExp(`${word}\\r`).test(page.text(terminal));
  await page.until(() => isShown() || page.state?.phase.kind !== 'running');
}

async function reset(page: TestPage): Promise<void> {
  const before = page.state?.sandbox?.id;
  page.send({ type: 'reset' });
  await page.stateWhere(({ phase, sandbox }) => phase.kind === 'ended' || (sandbox !== null && sandbox.id !== before));
}
