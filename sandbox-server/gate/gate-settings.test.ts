import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readGateSettings } from './gate-settings.ts';

const GATE_RUNNER = 'drydock-runner:0123456789abcdef';
const DEFAULTS = {
  socket: '/run/drydock-gate/docker.sock',
  owner: 'drydock',
  runner: GATE_RUNNER,
  accelerator: 'tcg',
  maxContainers: 200,
};

test('a gate needs to be told its image and nothing else, and an empty one is none', () => {
  assert.deepEqual(readGateSettings({ GATE_RUNNER }), DEFAULTS);
  assert.deepEqual(readGateSettings({ GATE_RUNNER, GATE_OWNER: '' }), DEFAULTS);
});

test('every setting that is not allowed is named, with what is', () => {
  assert.throws(
    () =>
      readGateSettings({
        GATE_RUNNER,
        GATE_SOCKET: 'gate.sock',
        GATE_OWNER: 'A B',
        GATE_ACCELERATOR: 'auto',
        GATE_MAX_CONTAINERS: '0',
      }),
    {
      code: 'config-invalid',
      message:
        'The gate cannot start. GATE_SOCKET is "gate.sock": allowed is a path that begins with /. ' +
        'GATE_OWNER is "A B": allowed is a name of lower-case letters, digits, dots, dashes and underscores. ' +
        'GATE_ACCELERATOR is "auto": allowed is tcg or kvm. ' +
        'GATE_MAX_CONTAINERS is "0": allowed is a whole number from 1 to 10000.',
    },
  );
});

test('a gate that was not told its image says who tells it', () => {
  for (const env of [{}, { GATE_RUNNER: '' }]) {
    assert.throws(() => readGateSettings(env), {
      code: 'config-invalid',
      message:
        'The gate cannot start. GATE_RUNNER is not set: allowed is the image that machines run in, which ' +
        '"npm run deploy" brings to the engine and names.',
    });
  }
  for (const image of ['debian:12', 'drydock-runner:latest', `${GATE_RUNNER}/x`, `x/${GATE_RUNNER}`]) {
    assert.throws(() => readGateSettings({ GATE_RUNNER: image }), { code: 'config-invalid' });
  }
});

test('docs/deploying.md has each with its default', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/deploying.md'), 'utf8');
  for (const [name, value] of [
    ['GATE_SOCKET', DEFAULTS.socket],
    ['GATE_OWNER', DEFAULTS.owner],
    ['GATE_ACCELERATOR', DEFAULTS.accelerator],
    ['GATE_MAX_CONTAINERS', DEFAULTS.maxContainers],
  ]) {
    assert.match(docs, new RegExp(`^\\| \`${name}\` +\\| ${value} +\\|`, 'm'));
  }
});
