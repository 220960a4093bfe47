import assert from 'node:assert/strict';
import { it } from 'node:test';
import { makeLog } from '../log.ts';
import { Metrics } from '../metrics/metrics.ts';
import { Refusals } from './refusals.ts';

it('refusals are all counted, but a flood of them does not become a flood of log lines', async () => {
  const lines: string[] = [];
  const metrics = new Metrics();
  const refusals = new Refusals(makeLog({ logLevel: 'info' }, { write: (line) => lines.push(line) }), metrics);
  for (let count = 0; count < 5_000; count += 1) refusals.note('upgrade', '429');
  assert.ok(lines.length >= 60 && lines.length < 100, `${lines.length} lines`);
  assert.match(await metrics.text(), /^drydock_refusals_total\{where="upgrade",code="429"\} 5000$/m);
});
