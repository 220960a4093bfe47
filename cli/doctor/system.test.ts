import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeNode, judgePlatform } from './system.ts';

const platform = {
  name: 'Debian GNU/Linux 13 (trixie)',
  family: 'debian',
  codename: 'trixie',
  supported: true,
} as const;

test('a release that Drydock is made for is good', () => {
  assert.deepEqual(judgePlatform(platform), {
    level: 'good',
    subject: 'distribution',
    text: 'Debian GNU/Linux 13 (trixie) on x86-64',
  });
});

test('a release that nobody has tried is no lack', () => {
  assert.deepEqual(judgePlatform({ ...platform, name: 'Linux Mint 22', supported: false }), {
    level: 'note',
    subject: 'distribution',
    text: 'Linux Mint 22 on x86-64: nobody has tried Drydock on it.',
    fix: 'It may work where apt has the packages below. Debian 12 and 13 and Ubuntu 24.04 are what it is made for.',
  });
});

test('a Node of our own is told from one of the system', () => {
  const node = { version: '24.21.0', path: '/c/drydock/tools/node' };
  assert.equal(judgeNode({ ...node, own: true }).text, '24.21.0, installed for Drydock alone: /c/drydock/tools/node');
  assert.equal(judgeNode({ ...node, own: false }).text, '24.21.0: /c/drydock/tools/node');
});
