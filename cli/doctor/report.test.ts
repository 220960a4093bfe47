import assert from 'node:assert/strict';
import { test } from 'node:test';
import { good, lack, note, type Section } from './finding.ts';
import { isReady, report, reportJson } from './report.ts';

const GOOD: Section = { title: 'System', findings: [good('Node', '24.21.0')] };
const NOTED: Section = { title: 'Server', findings: [note('site', 'not built yet.')] };
const LACKING: Section = {
  title: 'Packages',
  findings: [lack('missing', 'mmdebstrap: not installed.', 'As root:\n  apt-get install mmdebstrap')],
};

const show = (...sections: Section[]) => report(sections, { colour: false });

test('with everything there the report says so', () => {
  assert.equal(show(GOOD), 'System\n  ✓ Node           24.21.0\n\nEverything that "npm start" needs is there.');
});

test('each lack has its fix below it, and its command on a line of its own', () => {
  assert.equal(
    show(GOOD, NOTED, LACKING),
    [
      'System',
      '  ✓ Node           24.21.0',
      '',
      'Server',
      '  ! site           not built yet.',
      '',
      'Packages',
      '  ✗ missing        mmdebstrap: not installed.',
      '                   → As root:',
      '                     apt-get install mmdebstrap',
      '',
      'One thing is in the way of serving, marked ✗: do what its arrow says, then look again with "npm run doctor". More in docs/troubleshooting.md.',
    ].join('\n'),
  );
});

test('long texts are wrapped, commands never', () => {
  const words = 'word '.repeat(40).trim();
  const lines = show({ title: 'Room', findings: [note('memory', words, `Do:\n  ${words}`)] }).split('\n');
  const indent = ' '.repeat(19);
  const rest = `${indent}${'word '.repeat(17).trim()}`;
  assert.deepEqual(lines.slice(1, 6), [
    `  ! memory         ${'word '.repeat(17).trim()}`,
    rest,
    `${indent}${'word '.repeat(6).trim()}`,
    `${indent}→ Do:`,
    `${indent}  ${words}`,
  ]);
});

test('notes leave a machine ready, a lack does not', () => {
  assert.deepEqual([isReady([GOOD, NOTED]), isReady([GOOD, LACKING])], [true, false]);
});

test('programs get the same findings', () => {
  assert.deepEqual(JSON.parse(reportJson([GOOD, LACKING])), {
    ready: false,
    sections: [
      { title: 'System', findings: [{ level: 'good', subject: 'Node', text: '24.21.0' }] },
      {
        title: 'Packages',
        findings: [
          {
            level: 'lack',
            subject: 'missing',
            text: 'mmdebstrap: not installed.',
            fix: 'As root:\n  apt-get install mmdebstrap',
          },
        ],
      },
    ],
  });
});

test('marks are coloured on a terminal', () => {
  assert.ok(report([GOOD], { colour: true }).includes('\x1b[32m✓\x1b[39m Node'));
});
