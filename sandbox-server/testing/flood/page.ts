// A page in a process of its own that does what no page should, when told to.
import { setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { TERMINAL_COLS, TERMINAL_ROWS } from '../../../protocol/limits.ts';
import { TestBrowser } from '../test-browser.ts';

export type PageFlood = 'messages' | 'upgrades';

const [, , origin = '', lab = ''] = process.argv;
setPriority(10);

/** Below what ends a connection, all of the time. */
const MESSAGES_PER_10_MS = 9;

let flood: PageFlood | null = null;
const browser = new TestBrowser({ origin, lab });
const page = await browser.open();
await page.running();
page.send({ type: 'resize', terminal: 'alice', cols: TERMINAL_COLS.max, rows: TERMINAL_ROWS.max });

process.on('message', (wanted: PageFlood | null) => {
  flood = wanted;
  process.send?.('done');
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

for (;;) {
  if (flood === 'messages') {
    for (let count = 0; count < MESSAGES_PER_10_MS; count += 1) {
      page.send(count % 2 === 0 ? { type: 'check', step: 'mark' } : { type: 'hint', step: 'mark', index: 0 });
    }
    await delay(10);
  } else if (flood === 'upgrades') {
    const socket = browser.socket();
    await new Promise<unknown>((resolve) => socket.on('error', resolve).on('open', resolve));
    socket.terminate();
  } else await delay(5);
}
