import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeMemory, type MemoryFacts, readMemory } from './memory.ts';

const GIB = 1024 ** 3;
const USE = 'A machine takes 50-65 MiB at rest and about 350 MiB during a "docker run" (measured under emulation)';
const FACTS: MemoryFacts = {
  totalBytes: 16 * GIB,
  availableBytes: 14 * GIB,
  limitBytes: null,
  processors: 2,
  maxSandboxes: 32,
  machinesEach: 1,
  chosen: false,
};

test('with memory for all, the report says how many learners fit and why', () => {
  assert.deepEqual(judgeMemory(FACTS), [
    {
      level: 'good',
      subject: 'learners',
      text: '32 at once, worked out from 16.0 GiB and 2 processors; further ones wait in a queue.',
    },
    { level: 'good', subject: 'memory', text: `14.0 GiB available now. ${USE}: enough for all learners at once.` },
  ]);
});

test('a number that was chosen is not explained away', () => {
  assert.equal(
    judgeMemory({ ...FACTS, maxSandboxes: 5, chosen: true })[0]?.text,
    '5 at once, as MAX_SANDBOXES says; further ones wait in a queue.',
  );
});

test('where not all can be busy at once, the number that can is said', () => {
  assert.deepEqual(judgeMemory({ ...FACTS, availableBytes: 3.5 * GIB })[1], {
    level: 'note',
    subject: 'memory',
    text: `3.5 GiB available now. ${USE}: enough for 10 learners at the same moment.`,
    fix: 'If a whole class does that together, set MAX_SANDBOXES=10.',
  });
});

test('a lab of two machines counts twice', () => {
  assert.deepEqual(judgeMemory({ ...FACTS, availableBytes: 3.5 * GIB, machinesEach: 2 })[1], {
    level: 'note',
    subject: 'memory',
    text: `3.5 GiB available now. ${USE}, and a lab has up to 2: enough for 5 learners at the same moment.`,
    fix: 'If a whole class does that together, set MAX_SANDBOXES=5.',
  });
});

test('no room for a single busy machine is a lack', () => {
  assert.deepEqual(judgeMemory({ ...FACTS, availableBytes: 0.25 * GIB })[1], {
    level: 'lack',
    subject: 'memory',
    text: `256.0 MiB available now. ${USE}.`,
    fix: 'End other programs, or add memory.',
  });
});

test('the limit of a container counts, although the calculation does not know it', () => {
  const [learners, memory] = judgeMemory({ ...FACTS, limitBytes: 2 * GIB, processors: 1 });
  assert.equal(
    learners?.text,
    '32 at once, worked out from 16.0 GiB and 1 processor; further ones wait in a queue. But this process may use only 2.0 GiB, which the calculation does not know.',
  );
  assert.equal(learners?.fix, 'Set MAX_SANDBOXES, for instance to 5.');
  assert.match(memory?.text ?? '', /^2\.0 GiB available now\. .* enough for 5 learners/);
});

test('this machine has memory available, and no more than it has', () => {
  const { totalBytes, availableBytes } = readMemory();
  assert.ok(availableBytes > 0 && availableBytes <= totalBytes);
});
