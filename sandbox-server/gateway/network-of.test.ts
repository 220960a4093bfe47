import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { networkOf } from './network-of.ts';

describe('where requests come from', () => {
  it('is an IPv4 address, also as a socket for both kinds writes it', () => {
    assert.equal(networkOf('192.0.2.7'), '192.0.2.7');
    assert.equal(networkOf('::ffff:192.0.2.7'), '192.0.2.7');
  });

  it('is the same for all addresses of one IPv6 network, however they are written', () => {
    const written = [
      '2001:db8:0:1::7',
      '2001:db8:0:1:ffff:ffff:ffff:ffff',
      '2001:0DB8:0:1::192.0.2.7',
      '2001:db8:0:1::7%eth0',
    ];
    assert.deepEqual([...new Set(written.map(networkOf))], ['2001:db8:0:1::/64']);
  });

  it('is another one for another network', () => {
    const written = ['2001:db8:0:1::7', '2001:db8:0:2::7', '2001:db8::7', '2001:db8:1::', '::1', 'fe80::1'];
    assert.equal(new Set(written.map(networkOf)).size, written.length);
  });

  it('is what was given when that is no address', () => {
    assert.equal(networkOf('unknown'), 'unknown');
  });
});
