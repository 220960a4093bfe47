import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../doctor.ts';
import { examine, judgeSite, section } from './examine.ts';
import { good } from './finding.ts';
import { lookAround } from './surroundings.ts';

test('a section that cannot be looked at says so and hides no other', async () => {
  assert.deepEqual(await section('Room', () => [good('memory', 'enough')]), {
    title: 'Room',
    findings: [{ level: 'good', subject: 'memory', text: 'enough' }],
  });
  const broken = await section('Room', () => Promise.reject(new Error("EACCES: permission denied, open '/c/x'")));
  assert.deepEqual(broken.findings, [
    {
      level: 'lack',
      subject: 'unknown',
      text: "could not be looked at: EACCES: permission denied, open '/c/x'",
      fix: 'Where it names a file or folder, make that yours. Otherwise it is a fault of Drydock: please report it.',
    },
  ]);
});

test('pretended machines need nothing of the system', async () => {
  const sections = await examine(lookAround({ DRIVER: 'fake', PORT: '0' }));
  assert.deepEqual(
    sections.map(({ title }) => title),
    ['System', 'Machines', 'Server'],
  );
  assert.deepEqual(sections[1]?.findings, [
    { level: 'note', subject: 'machines', text: 'are pretended (DRIVER=fake), which needs nothing of the system.' },
  ]);
});

test('a site that is not built yet is no lack', () => {
  assert.deepEqual(judgeSite(true), { level: 'good', subject: 'site', text: 'built from the files as they are' });
  assert.deepEqual(judgeSite(false), {
    level: 'note',
    subject: 'site',
    text: 'not built from the files as they are.',
    fix: '"npm start" builds it, in some seconds.',
  });
});

test('an argument that doctor does not know is refused before anything is looked at', async () => {
  await assert.rejects(run(['--repair']), {
    name: 'Stop',
    message:
      'doctor does not know "--repair".\nIt knows --attack (tries to get out of the jail of a machine) and --json (the same for programs): npm run -s doctor -- --json',
  });
});
