import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from './commands.mjs';

function need(name: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  return COMMANDS[name]!.system(args, env);
}

test('serving needs a hypervisor unless the machines are pretended', () => {
  assert.equal(need('start', []), 'serving');
  assert.equal(need('start', [], { DRIVER: 'fake' }), 'nothing');
  assert.equal(need('start', [], { DRIVER: 'docker' }), 'building');
  assert.equal(need('lab', ['test', 'docker-group'], { DRIVER: 'auto' }), 'building');
});

test('checks without machines or a browser install no system packages', () => {
  assert.equal(need('test', []), 'testing');
  assert.equal(need('test', ['types', 'unit']), 'nothing');
  assert.equal(need('test', ['unit', 'vm']), 'testing');
});

test('an author can write and check a lab before anything is installed', () => {
  assert.equal(need('lab', ['check', 'docker-group']), 'nothing');
  assert.equal(need('lab', ['test', 'docker-group']), 'serving');
});
