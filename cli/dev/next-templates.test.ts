import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '../../labs/format/lab.ts';
import type { TemplateRefs } from '../../sandbox-server/machines/templates.ts';
import { TEST_LAB } from '../../sandbox-server/testing/test-lab.ts';
import { NextTemplates } from './next-templates.ts';

const [machine] = TEST_LAB.machines;
const setUpAs = (setup: string): Lab => ({ ...TEST_LAB, machines: [{ ...machine!, setup }] });

function opened() {
  const said: string[] = [];
  const made: string[] = [];
  let fate: () => Promise<TemplateRefs> = async () => new Map([['host', { key: 'k', folder: '/k' }]]);
  const next = new NextTemplates({
    templates: {
      forLab: async ({ machines }) => {
        made.push(machines[0]?.setup ?? '');
        return fate();
      },
    },
    during: (work) => work(),
    onChange: () => {},
    say: (text) => said.push(text),
  });
  return { next, said, made, willBe: (work: () => Promise<TemplateRefs>) => (fate = work) };
}

test('a template is made for what a lab says of its machines, and not again for anything else', async () => {
  const { next, made } = opened();
  assert.equal(await next.prepare(setUpAs('one')), true);
  assert.deepEqual(next.of('test-lab'), { status: 'ready', keys: { host: 'k' }, since: null, detail: null });
  assert.equal(await next.prepare({ ...setUpAs('one'), title: { 'zh-cn': '新', en: 'new' } }), false);
  assert.equal(await next.prepare(setUpAs('two')), true);
  assert.deepEqual(made, ['one', 'two']);
});

test('a setup.sh that fails says so, and is tried again when the lab is saved', async () => {
  const { next, said, willBe } = opened();
  willBe(() => Promise.reject(new Error('setup.sh of machine host ended with 2')));
  await next.prepare(setUpAs('one'));
  assert.equal(next.of('test-lab').status, 'failed');
  assert.deepEqual(said, ['test-lab: setup.sh of machine host ended with 2']);
  willBe(async () => new Map());
  await next.prepare(setUpAs('one'));
  assert.equal(next.of('test-lab').status, 'ready');
});

test('of several changes while others are made only the last is made', async () => {
  const { next, made, willBe } = opened();
  const first = Promise.withResolvers<TemplateRefs>();
  willBe(() => first.promise);
  const prepared = [next.prepare(setUpAs('one'))];
  await new Promise(setImmediate);
  prepared.push(...['two', 'three'].map((setup) => next.prepare(setUpAs(setup))));
  assert.equal(next.of('test-lab').status, 'waiting', 'for the one before it');
  willBe(async () => new Map());
  first.resolve(new Map());
  await Promise.all(prepared);
  assert.deepEqual(made, ['one', 'three']);
});
