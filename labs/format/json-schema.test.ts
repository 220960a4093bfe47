import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { labJsonSchema } from './json-schema.ts';
import { labIds } from './load-labs.ts';

const labs = new URL('../', import.meta.url);

test('lab.schema.json is what lab-schema.ts says today', () => {
  const written: unknown = JSON.parse(readFileSync(new URL('format/lab.schema.json', labs), 'utf8'));
  const hint = 'run `node labs/format/write-json-schema.ts && npm run format`';
  assert.deepEqual(written, JSON.parse(JSON.stringify(labJsonSchema())), hint);
});

test('every lab.yaml tells editors where its schema is', () => {
  for (const id of labIds(labs.pathname)) {
    const [first] = readFileSync(new URL(`${id}/lab.yaml`, labs), 'utf8').split('\n');
    assert.equal(first, '# yaml-language-server: $schema=../format/lab.schema.json', id);
  }
});
