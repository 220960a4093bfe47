import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AddressLimits } from './address-limits.ts';
import { isAllowedHost, isAllowedOrigin, makeAllowList } from './allow-list.ts';

describe('the allow-list', () => {
  const list = makeAllowList({ publicOrigins: ['https://lab.example.org'] }, 4321);

  it('holds this computer’s names with the port, and what the operator added', () => {
    assert.deepEqual(
      [...list.origins],
      ['http://localhost:4321', 'http://127.0.0.1:4321', 'http://[::1]:4321', 'https://lab.example.org'],
    );
    assert.deepEqual([...list.hosts], ['localhost:4321', '127.0.0.1:4321', '[::1]:4321', 'lab.example.org']);
  });

  it('leaves out the port where a browser does', () => {
    assert.ok(makeAllowList({ publicOrigins: [] }, 80).origins.has('http://localhost'));
  });

  it('lets nothing through that is only similar', () => {
    for (const origin of [
      undefined,
      'null',
      'http://localhost:43210',
      'https://localhost:4321',
      'HTTP://LOCALHOST:4321',
    ]) {
      assert.equal(isAllowedOrigin(list, { origin }), false, origin);
    }
    assert.equal(isAllowedHost(list, {}), false);
    assert.equal(isAllowedHost(list, { host: 'LocalHost:4321' }), true);
  });
});

describe('limits per address', () => {
  it('count each address by itself and remember only so many', () => {
    const limits = new AddressLimits(2);
    assert.deepEqual(
      ['a', 'a', 'a', 'b'].map((address) => limits.take(address)),
      [true, true, false, true],
    );
    for (let count = 0; count < 20_000; count += 1) limits.take(`address ${count}`);
    assert.ok(limits.size <= 10_000);
  });
});
