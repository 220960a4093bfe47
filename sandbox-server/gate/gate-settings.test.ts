import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readGateSettings } from './gate-settings.ts';

const DEFAULTS = { socket: '/run/drydock-gate/docker.sock', owner: 'drydock', maxContainers: 200 };

test('a gate needs no settings, and an empty one is none', () => {
  assert.deepEqual(readGateSettings({}), DEFAULTS);
  assert.deepEqual(readGateSettings({ GATE_OWNER: '' }), DEFAULTS);
});

test('every setting that is not allowed is named, with what is', () => {
  assert.throws(() => readGateSettings({ GATE_SOCKET: 'gate.sock', GATE_OWNER: 'A B', GATE_MAX_CONTAINERS: '0' }), {
    code: 'config-invalid',
    message:
      'The gate cannot start. GATE_SOCKET is "gate.sock": allowed is a path that begins with /. ' +
      'GATE_OWNER is "A B": allowed is a name of lower-case letters, digits, dots, dashes and underscores. ' +
      'GATE_MAX_CONTAINERS is "0": allowed is a whole number from 1 to 10000.',
  });
});

test('docs/deploying.md has each with its default', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/deploying.md'), 'utf8');
  for (const [name, value] of [
    ['GATE_SOCKET', DEFAULTS.socket],
    ['GATE_OWNER', DEFAULTS.owner],
    ['GATE_MAX_CONTAINERS', DEFAULTS.maxContainers],
  ]) {
    assert.match(docs, new RegExp(`^\\| \`${name}\` +\\| ${value} +\\|`, 'm'));
  }
});
