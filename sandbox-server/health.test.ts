import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Health } from './health.ts';

const OK = { status: 'ok', words: 'ok' } as const;

describe('health', () => {
  it('is as bad as the worst that was found, and says what that is', async () => {
    const slow = { status: 'warning', words: 'It is slow.' } as const;
    assert.equal((await new Health({ a: () => OK }).report()).status, 'ok');
    assert.deepEqual(await new Health({ a: () => OK, b: async () => slow }).report(), {
      status: 'warning',
      checks: { a: OK, b: slow },
    });
  });

  it('is failing when an examination throws or does not end', async () => {
    const thrown = await new Health({
      a: () => {
        throw new Error('Broken.');
      },
    }).report();
    assert.deepEqual(thrown, { status: 'failing', checks: { a: { status: 'failing', words: 'Broken.' } } });
    const stuck = new Health({ a: () => new Promise(() => {}) }, 1).report();
    assert.deepEqual((await stuck).checks, { a: { status: 'failing', words: 'No answer within 1 ms.' } });
  });

  it('is examined once a second at most, however many ask', async () => {
    let examined = 0;
    const health = new Health({
      a: () => {
        examined += 1;
        return OK;
      },
    });
    await Promise.all([health.report(() => 0), health.report(() => 0), health.report(() => 0)]);
    await health.report(() => 999);
    assert.equal(examined, 1);
    await health.report(() => 1_000);
    assert.equal(examined, 2);
  });
});
