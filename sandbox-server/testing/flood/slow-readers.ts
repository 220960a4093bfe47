// Pages that start a flood in a machine of their own each and then read nothing any more, in a process of their own.
import { setPriority } from 'node:os';
import { TestBrowser } from '../test-browser.ts';

const [, , origin = '', lab = '', count = '1'] = process.argv;
setPriority(10);

for (let reader = 0; reader < Number(count); reader += 1) {
  const page = await new TestBrowser({ origin, lab }).open({ acknowledges: false });
  await page.running();
  page.type('alice', 'seq 100000000\r');
  await page.message('inputAck');
  page.socket.pause();
}
process.on('disconnect', () => process.exit());
process.send?.('ready');
