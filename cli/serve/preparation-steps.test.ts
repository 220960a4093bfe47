import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { lineView } from '../progress/line-view.mjs';
import { Progress } from '../progress/progress.mjs';
import { requireFreeSpace } from './free-space.ts';
import { PreparationSteps } from './preparation-steps.ts';
import { readyLine } from './ready-line.ts';

function shown() {
  const lines: string[] = [];
  const view = lineView({ write: (text: string) => lines.push(text.trimEnd().replace(/\d+\.\d s$/, '0 s')) });
  const history = { lastSeconds: () => undefined, remember: () => {} };
  return { lines, steps: new PreparationSteps(new Progress({ view, history }), tmpdir()) };
}

const { signal } = new AbortController();

test('a first start announces image, base and lab together', async () => {
  const { lines, steps } = shown();
  await steps.during(async () => {
    steps.onPrepare('image', 'debian').end();
    await Promise.resolve();
    steps.onPrepare('base', 'debian').end();
    await Promise.resolve();
    steps.onPrepare('lab', 'docker-group').end();
  }, signal);
  assert.deepEqual(
    lines.filter((line) => line.includes('about')).map((line) => line.slice(0, 10)),
    ['[step 1/3]', '[step 2/3]', '[step 3/3]'],
  );
});

test('when only a lab changed, that is the only step', async () => {
  const { lines, steps } = shown();
  await steps.during(async () => steps.onPrepare('lab', 'docker-group').end(), signal);
  assert.match(lines[0]!, /^\[step 1\/1\] Preparing the lab docker-group, once/);
});

test('a failure ends its step and says which that was and what to do', async () => {
  const { lines, steps } = shown();
  const failing = steps.during(async () => {
    steps.onPrepare('image', 'debian').report('unpacking');
    throw new Error("mmdebstrap ended with 25:\nE: Temporary failure resolving 'mirror'");
  }, signal);
  await assert.rejects(failing, (error: Error) => {
    assert.equal(error.name, 'Stop');
    assert.match(error.message, /^"Building the machine image debian, once" failed\./);
    assert.match(error.message, /The package mirror could not be reached\.\nThe first start needs a network/);
    return true;
  });
  assert.match(lines.at(-1)!, /failed after/);
});

test('an error of no step is passed on as it is', async () => {
  const failure = new Error('no agent');
  await assert.rejects(
    shown().steps.during(() => Promise.reject(failure), signal),
    failure,
  );
});

test('too little disk space is said with the figures', () => {
  assert.throws(
    () => requireFreeSpace('/cache', 3 * 1024 ** 3, 1024 ** 3),
    /3\.0 GiB are needed in \/cache, 1\.0 GiB are/,
  );
  requireFreeSpace('/cache', 1024, 1024);
});

test('the ready line says where, how and after how long', () => {
  const ready = { publicOrigin: 'http://127.0.0.1:4321', seconds: 3.21 };
  assert.equal(
    readyLine({ ...ready, accelerator: 'tcg', reason: 'this computer offers no /dev/kvm' }),
    'Drydock is ready at http://127.0.0.1:4321/ after 3.2 s. Machines are emulated, because this computer offers no /dev/kvm: everything works, slower than on hardware.',
  );
  assert.match(readyLine({ ...ready, accelerator: 'kvm', reason: '' }), /Machines run on hardware virtualization\.$/);
  assert.match(readyLine({ ...ready, accelerator: null, reason: '' }), /DRIVER=fake/);
});
