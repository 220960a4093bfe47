import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MachineUsers } from './machine-users.ts';

for (const [mapped, least, most] of [
  [false, 1_900_000_000, 1_900_065_535],
  [true, 20_000, 59_999],
] as const) {
  test(`no two machines are one user, ${mapped ? 'where users are mapped' : 'and none is a user of the host'}`, () => {
    const users = new MachineUsers({ mapped });
    const taken = Array.from({ length: 2_000 }, () => users.take());
    assert.equal(new Set(taken).size, taken.length);
    assert.ok(taken.every((user) => user >= least && user <= most));
  });
}
