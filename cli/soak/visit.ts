import { TestBrowser } from '../../sandbox-server/testing/test-browser.ts';
import type { TestPage } from '../../sandbox-server/testing/test-page.ts';

export interface VisitOptions {
  readonly origin: string;
  readonly lab: string;
  readonly terminal: string;
  /** Kills a machine from outside; `undefined` where there is no process to kill. */
  readonly kill: (() => void) | undefined;
  /** From 0 to 1; a parameter so that a test is repeatable. */
  readonly random: () => number;
}

const SHARE_THAT_RESETS = 0.2;
const SHARE_THAT_IS_CUT = 0.3;
const SHARE_THAT_IS_KILLED = 0.15;

/**
 * A learner opens a lab, types, loses the page and comes back, perhaps resets, and goes: properly, or because the
 * machine was killed. Resolves to the number of sandboxes that it took.
 */
export async function visit({ origin, lab, terminal, kill, random }: VisitOptions): Promise<number> {
  const browser = new TestBrowser({ origin, lab });
  let page = await browser.open();
  await page.running();
  await type(page, terminal, 'first');
  if (random() < SHARE_THAT_IS_CUT) await page.cut();
  else await page.close();
  page = await browser.open({ resume: random() < 0.5 ? page.resume : null });
  await page.running();
  await type(page, terminal, 'second');
  let sandboxes = 1;
  if (random() < SHARE_THAT_RESETS) {
    await reset(page);
    await type(page, terminal, 'third');
    sandboxes += 1;
  }
  if (random() < SHARE_THAT_IS_KILLED && kill !== undefined) kill();
  else if (page.state?.phase.kind === 'running') page.send({ type: 'stop' });
  // Whoever's machine was killed ends on their own, too: it may have been somebody else's.
  page.send({ type: 'stop' });
  await page.stateWhere(({ phase }) => phase.kind === 'ended');
  await page.close();
  if (page.fault !== undefined) throw new Error(`A page saw ${page.fault}.`);
  return sandboxes;
}

/** Until it is shown, or the machine is gone: others' visits kill at random. */
async function type(page: TestPage, terminal: string, word: string): Promise<void> {
  page.type(terminal, `echo ${word.slice(0, 2)}""${word.slice(2)}\r`);
  const isShown = () => new RegExp(`^${word}\\r$`, 'm').test(page.text(terminal));
  await page.until(() => isShown() || page.state?.phase.kind === 'ended');
}

async function reset(page: TestPage): Promise<void> {
  const before = page.state?.sandbox?.id;
  page.send({ type: 'reset' });
  await page.stateWhere(({ sandbox }) => sandbox !== null && sandbox.id !== before);
}
