import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DrydockError, LEARNER_ERRORS, learnerError, MachineEndedError, OPERATOR_ERRORS } from './errors.ts';

const DOCS = readFileSync(join(import.meta.dirname, '../docs/errors.md'), 'utf8');

function section(title: string): string[] {
  const text = DOCS.split(/^## /m).find((part) => part.startsWith(title)) ?? '';
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  // The formatter lines the columns up.
  return rows.map((row) => row.replace(/ +\|/g, ' |'));
}

describe('errors', () => {
  it('keep their code and their cause', () => {
    const cause = new Error('EACCES');
    const error = new DrydockError('store-unusable', 'The store cannot be opened.', { cause });
    assert.deepEqual([error.code, error.cause, error.name], ['store-unusable', cause, 'DrydockError']);
  });

  it('say of an ended machine which one it was, why, and what to do', () => {
    const error = new MachineEndedError('s1-0', 'crashed');
    assert.equal(error.code, 'machine-ended');
    assert.equal(error.message, 'Machine s1-0 ended (crashed) before the script in it did. Fork a fresh one.');
  });

  it('for learners have a message and a hint in both languages, and none speaks of what is underneath', () => {
    for (const code of Object.keys(LEARNER_ERRORS) as (keyof typeof LEARNER_ERRORS)[]) {
      const error = learnerError(code);
      assert.equal(error.code, code);
      for (const text of [error.message, error.hint]) {
        assert.match(text['zh-cn'], /\p{Script=Han}.*。$/u);
        assert.match(text.en, /^[A-Z].*\.$/);
        assert.doesNotMatch(`${text['zh-cn']} ${text.en}`, /qemu|kvm|hypervisor|socket|sql|stack|\//i);
      }
    }
  });
});

describe('docs/errors.md', () => {
  it('lists every code an operator can meet', () => {
    assert.deepEqual(
      section('For whoever runs Drydock'),
      Object.entries(OPERATOR_ERRORS).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`),
    );
  });

  it('lists every code a learner can meet, word for word', () => {
    assert.deepEqual(
      section('For learners'),
      Object.entries(LEARNER_ERRORS).map(([code, { message, hint }]) => `| \`${code}\` | ${message.en} | ${hint.en} |`),
    );
  });
});
