import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgePackages, judgeQemu, judgeSubordinateIds } from './packages.ts';

const findLack = async () => undefined;
const QEMU = { what: 'QEMU 8.2 or newer', why: 'runs machines', packages: ['qemu'], newerThanBookworm: true, findLack };
const BWRAP = { what: 'bubblewrap', why: 'jails them', packages: ['bubblewrap'], findLack };

test('what is installed is one line', () => {
  assert.deepEqual(judgePackages([QEMU, BWRAP], [], 'trixie'), [
    { level: 'good', subject: 'installed', text: 'QEMU 8.2 or newer, bubblewrap' },
  ]);
});

test('each package that is missing has its command', () => {
  assert.deepEqual(judgePackages([QEMU, BWRAP], [{ requirement: BWRAP, lack: 'not installed' }], 'trixie')[1], {
    level: 'lack',
    subject: 'missing',
    text: 'bubblewrap: not installed; jails them.',
    fix: '"npm start" installs it, as root or with sudo. By hand, as root:\n  apt-get install --no-install-recommends bubblewrap',
  });
});

test('on Debian 12 a newer QEMU comes from backports, and nothing else does', () => {
  const [old, jail] = judgePackages(
    [QEMU, BWRAP],
    [
      { requirement: QEMU, lack: 'too old (7.2.19)' },
      { requirement: BWRAP, lack: 'not installed' },
    ],
    'bookworm',
  );
  assert.equal(old?.text, 'QEMU 8.2 or newer: too old (7.2.19); runs machines.');
  assert.equal(
    old?.fix,
    '"npm start" installs it, as root or with sudo. By hand, as root (with bookworm-backports among apt\'s sources):\n' +
      '  apt-get install --no-install-recommends -t bookworm-backports qemu',
  );
  assert.match(jail?.fix ?? '', /recommends bubblewrap$/);
});

test('the version of QEMU is shown where there is one', () => {
  assert.deepEqual(judgeQemu('QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)'), [
    { level: 'good', subject: 'QEMU', text: '10.0.2 (Debian 1:10.0.2+ds-2)' },
  ]);
  assert.deepEqual(judgeQemu(undefined), []);
});

test('a user builds images with a range in /etc/subuid, by name or number', () => {
  const ann = { name: 'ann', uid: 1000 };
  for (const table of ['bob:1:2\nann:100000:65536\n', '1000:100000:65536']) {
    assert.equal(
      judgeSubordinateIds(ann, table).text,
      'ann has a range of its own in /etc/subuid, to build images with.',
    );
  }
  assert.deepEqual(judgeSubordinateIds(ann, 'anna:100000:65536\n'), {
    level: 'lack',
    subject: 'user ids',
    text: 'ann has no range in /etc/subuid, and so cannot build an image.',
    fix: 'Give it one that no other line has (as root), for instance:\n  usermod --add-subuids 200000-265535 --add-subgids 200000-265535 ann',
  });
});
