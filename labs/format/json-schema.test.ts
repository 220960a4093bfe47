import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { imageJsonSchema, labJsonSchema } from './json-schema.ts';
import { labIds } from './load-labs.ts';

const labs = new URL('../', import.meta.url);

test('what editors complete files with is what the schemas say today', () => {
  const hint = 'run `node labs/format/write-json-schema.ts && npm run format`';
  for (const [name, schema] of Object.entries({ lab: labJsonSchema(), image: imageJsonSchema() })) {
    const written: unknown = JSON.parse(readFileSync(new URL(`format/${name}.schema.json`, labs), 'utf8'));
    assert.deepEqual(written, JSON.parse(JSON.stringify(schema)), hint);
  }
});

test('every lab.yaml tells editors where its schema is', () => {
  for (const id of labIds(labs.pathname)) {
    const [first] = readFileSync(new URL(`${id}/lab.yaml`, labs), 'utf8').split('\n');
    assert.equal(first, '# yaml-language-server: $schema=../format/lab.schema.json', id);
  }
});
