import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Lab, LabStep } from '../../labs/format/lab.ts';
import { FakeBaker, readFakeTemplate, writeFakeTemplate } from '../machines/fake/fake-baker.ts';
import type { TemplateRefs } from '../machines/templates.ts';
import { TEST_LAB } from '../testing/test-lab.ts';
import { Artefacts } from './artefacts.ts';
import { Checkpoints } from './checkpoints.ts';

const HOUR_MS = 60 * 60_000;

const messages = TEST_LAB.steps[0]!.checks[0]!.messages;

/** Its solution makes a file, its goal asks for it. */
function step(id: string, more: Partial<LabStep> = {}): LabStep {
  const script = `test -e /${id} && exit 0; echo missing path=/${id}; exit 1`;
  const [first] = TEST_LAB.steps;
  const check = { ...first!.checks[0]!, id: `${id}-there`, script, messages };
  return { ...first!, id, checks: [check], solution: [{ terminal: 'alice', command: `touch /${id}` }], ...more };
}

const LAB: Lab = {
  ...TEST_LAB,
  steps: [step('one'), step('two'), step('further', { optional: true }), step('three'), step('four')],
};

describe('checkpoints', () => {
  let cache: string;
  let start: TemplateRefs;
  let baker: FakeBaker;
  let prepared: string[];
  const opened = (limitBytes = Number.POSITIVE_INFINITY) =>
    new Checkpoints({
      ...{ artefacts: new Artefacts(cache), baker, limitBytes },
      onPrepare: (name) => {
        prepared.push(name);
        return { end: () => {} };
      },
    });
  const keyAt = async (lab: Lab, id: string, checkpoints = opened()) =>
    (await checkpoints.at(lab, start, id)).get('host')!.key;
  const filesAt = async (id: string, checkpoints = opened()) => {
    const { folder } = (await checkpoints.at(LAB, start, id)).get('host')!;
    return Object.keys((await readFakeTemplate(folder)).files).sort();
  };

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'drydock-checkpoints-'));
    const folder = join(cache, 'lab');
    await mkdir(folder);
    await writeFakeTemplate(folder, { files: {}, terminals: [{ id: 'alice', user: 'alice' }] });
    start = new Map([['host', { key: 'lab', folder }]]);
    baker = new FakeBaker();
    prepared = [];
  });
  afterEach(() => rm(cache, { recursive: true }));

  it('have the solutions of the steps before, but for optional ones; at the first step it is the lab itself', async () => {
    assert.equal(await opened().at(LAB, start, 'one'), start);
    assert.deepEqual(await filesAt('three'), ['/door', '/one', '/two']);
    assert.equal(baker.alive.size, 0);
  });

  it('are shared by steps between which nothing has to be done', async () => {
    assert.equal(await keyAt(LAB, 'further'), await keyAt(LAB, 'three'));
    const idle = { ...LAB, steps: [step('one'), step('two', { solution: [] }), step('three')] };
    assert.equal(await keyAt(idle, 'two'), await keyAt(idle, 'three'));
  });

  it('are made from the nearest earlier one there is, and once', async () => {
    await filesAt('two');
    await filesAt('four');
    await filesAt('four');
    assert.deepEqual(
      baker.thawed.map((key) => key.replace(/-[0-9a-f]{16}/, '')),
      ['lab', 'test-lab-1/host'],
    );
    assert.deepEqual(prepared, ['test-lab at step two', 'test-lab at step four']);
  });

  it('change with a solution before them, and with neither texts nor checks nor later solutions', async () => {
    const key = await keyAt(LAB, 'three');
    const [one, ...others] = LAB.steps as [LabStep, ...LabStep[]];
    const reworded = { ...one, title: { 'zh-cn': '另', en: 'other' }, checks: [] };
    assert.equal(await keyAt({ ...LAB, steps: [reworded, ...others] }, 'three'), key);
    const later = others.map((other) => (other.id === 'four' ? step('four', { solution: [] }) : other));
    assert.equal(await keyAt({ ...LAB, steps: [one, ...later] }, 'three'), key);
    const longer = { ...one, solution: [...one.solution, { terminal: 'alice', command: 'true' }] };
    assert.notEqual(await keyAt({ ...LAB, steps: [longer, ...others] }, 'three'), key);
    start = new Map([['host', { ...start.get('host')!, key: 'another lab template' }]]);
    assert.notEqual(await keyAt(LAB, 'three'), key);
  });

  it('are made once for all who want one at the same moment, and one at a time', async () => {
    let most = 0;
    baker.beforeThaw = async () => {
      most = Math.max(most, baker.alive.size + 1);
    };
    const checkpoints = opened();
    await Promise.all(['two', 'three', 'two', 'three', 'four'].map((id) => checkpoints.at(LAB, start, id)));
    assert.deepEqual([prepared.length, most], [3, 1]);
  });

  it('at which a check of a solved step does not hold are not made, and the next one who asks tries again', async () => {
    const [, ...others] = LAB.steps;
    const wrong = { ...LAB, steps: [step('one', { solution: [{ terminal: 'alice', command: 'true' }] }), ...others] };
    const impatient = { ...wrong, steps: wrong.steps.map((one) => ({ ...one, checks: one.checks.map(unaskable) })) };
    const message =
      /The solution of test-lab's step one was typed, and its check one-there does not hold: it could not/;
    await assert.rejects(opened().at(impatient, start, 'two'), message);
    assert.equal(baker.alive.size, 0);
    const checkpoints = opened();
    baker.beforeThaw = () => Promise.reject(new Error('no memory'));
    await assert.rejects(checkpoints.at(LAB, start, 'two'), { message: 'no memory' });
    baker.beforeThaw = async () => {};
    await checkpoints.at(LAB, start, 'two');
  });

  it('are given up at once when a machine ends while a solution is typed in it', async () => {
    const [, ...others] = LAB.steps;
    const fatal = step('one', { solution: [{ terminal: 'alice', command: 'poweroff' }] });
    const message = /^Machine host ended \(crashed: the guest powered off\) while solutions were typed/;
    await assert.rejects(opened().at({ ...LAB, steps: [fatal, ...others] }, start, 'two'), { message });
    assert.equal(baker.alive.size, 0);
  });

  it('used least recently go when they exceed the limit, never one that is used', async () => {
    baker.templateBytes = MIB;
    await filesAt('two');
    await filesAt('three');
    const folders = await Promise.all(['two', 'three'].map(async (id) => folderOf(await opened().at(LAB, start, id))));
    await age(folders[0]!, 2 * HOUR_MS);
    await age(folders[1]!, HOUR_MS);
    await filesAt('four', opened(2.5 * MIB));
    assert.deepEqual(folders.map(existsSync), [false, true], 'one of two has to go');
    await age(folders[1]!, HOUR_MS);
    assert.deepEqual(await filesAt('three', opened(1)), ['/door', '/one', '/two'], 'asking for one uses it');
    await rm(folderOf(await opened().at(LAB, start, 'four')), { recursive: true });
    await filesAt('four', opened(1));
    assert.ok(existsSync(folders[1]!), 'what was given to somebody a moment ago stays');
  });

  it('tell how long making one usually takes, as measured the last time, and nothing for what is there', async () => {
    const guess = await opened().usualWaitMs(LAB, start, 'three');
    assert.ok(guess > 10_000);
    const folder = folderOf(await opened().at(LAB, start, 'three'));
    assert.equal(await opened().usualWaitMs(LAB, start, 'three'), 0);
    await rm(folder, { recursive: true });
    const measured = await opened().usualWaitMs(LAB, start, 'three');
    assert.ok(measured > 0 && measured < guess, `${measured} ms`);
  });
});

const MIB = 1024 ** 2;
const folderOf = (refs: TemplateRefs) => join(refs.get('host')!.folder, '..');
const unaskable = (check: LabStep['checks'][number]) => ({ ...check, script: 'exit 7' });

async function age(folder: string, ms: number): Promise<void> {
  const then = new Date(Date.now() - ms);
  await utimes(join(folder, 'complete.json'), then, then);
}
