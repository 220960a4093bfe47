import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sudoPower } from './sudoers.ts';

const alice = { name: 'alice', uid: 1000, groups: ['alice', 'sudo'] };
const DEBIAN = ['root ALL=(ALL:ALL) ALL', '%sudo ALL=(ALL:ALL) ALL'];

const CASES: readonly (readonly [rule: string, power: string])[] = [
  ['alice ALL=(ALL:ALL) NOPASSWD: ALL', 'all'],
  ['alice ALL=(ALL) ALL', 'all'],
  ['alice ALL = ALL', 'all'],
  ['#1000 ALL=(root) ALL', 'all'],
  ['bob, alice ALL=(root) ALL', 'all'],
  ['ALL ALL=(ALL) ALL', 'all'],
  ['alice ALL=(root) NOPASSWD: /usr/bin/docker exec -it runner bash', 'docker'],
  ['alice ALL=(root) /bin/ls, /usr/bin/docker ps', 'docker'],
  ['alice ALL=(root) /bin/ls', 'none'],
  ['alice ALL=(testuser) ALL', 'none'],
  ['alice ALL=(testuser) ALL, (root) /usr/bin/docker', 'docker'],
  ['alice ALL=(root) !ALL', 'none'],
  ['bob ALL=(ALL:ALL) ALL', 'none'],
  ['User_Alias ADMINS = alice', 'none'],
  ['nonsense', 'none'],
];

for (const [rule, power] of CASES) {
  test(`"${rule}" lets alice do as root: ${power}`, () => {
    assert.equal(sudoPower({ ...alice, groups: ['alice'] }, [rule]), power);
  });
}

test('a group’s rule is for its members', () => {
  assert.equal(sudoPower(alice, DEBIAN), 'all');
  assert.equal(sudoPower({ ...alice, groups: ['alice'] }, DEBIAN), 'none');
});
