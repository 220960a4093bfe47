import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Tickets } from './tickets.ts';

describe('a ticket', () => {
  it('is good once, for what it was issued for', () => {
    const tickets = new Tickets<string>(30_000);
    const ticket = tickets.issue('attempt', 0);
    assert.match(ticket, /^[\w-]{43}$/);
    assert.equal(tickets.redeem(ticket, 29_999), 'attempt');
    assert.equal(tickets.redeem(ticket, 29_999), undefined);
    assert.equal(tickets.redeem('unknown', 0), undefined);
  });

  it('is worth nothing once it is too old, and is not kept', () => {
    const tickets = new Tickets<string>(30_000);
    const ticket = tickets.issue('attempt', 0);
    assert.equal(tickets.redeem(ticket, 30_000), undefined);
    tickets.issue('one', 0);
    tickets.issue('two', 10_000);
    tickets.issue('three', 40_000);
    assert.equal(tickets.outstanding, 1);
  });
});
