import assert from 'node:assert/strict';
import { test } from 'node:test';
import { terminalName } from './terminal-name.ts';

const olga = { id: 'olga', machine: 'dock' };
const alice = { id: 'alice', machine: 'dock' };
const mallory = { id: 'mallory', machine: 'kali' };

test('a terminal is called with its machine only where there are several machines', () => {
  assert.equal(terminalName('mallory', [olga, mallory]), 'mallory@kali');
  assert.equal(terminalName('olga', [olga, mallory]), 'olga@dock');
  assert.equal(terminalName('olga', [olga, alice]), 'olga');
});

test('a terminal that is not there keeps the name it was asked for by', () => {
  assert.equal(terminalName('eve', [olga, mallory]), 'eve');
});
