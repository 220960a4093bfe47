import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { writeLab } from './lab-fixture.ts';
import { loadLab } from './load-lab.ts';

let labs: string;
beforeEach(() => {
  labs = mkdtempSync(join(tmpdir(), 'labs-'));
});
afterEach(() => rmSync(labs, { recursive: true }));

test("a lab's files are in place, byte by byte and executable where they were, before its setup goes on", () => {
  const target = join(labs, "it's here", 'hello');
  const text = '#!/bin/sh\necho "$HOME" \\ \'quoted\'\n';
  const folder = writeLab(labs, { [`try/files/${target}`]: text, [`try/files/${target}.conf`]: 'no newline' });
  chmodSync(join(folder, 'files', target), 0o755);
  const { setup } = loadLab(folder).machines[0]!;
  execFileSync('bash', ['-c', setup.replace('true\n', `cp '${target.replace("'", "'\\''")}' ${labs}/copy`)]);
  assert.equal(readFileSync(join(labs, 'copy'), 'utf8'), text);
  assert.equal(statSync(target).mode & 0o777, 0o755);
  assert.equal(readFileSync(`${target}.conf`, 'utf8'), 'no newline');
  assert.equal(statSync(`${target}.conf`).mode & 0o777, 0o644);
});

test('files that are too large for a machine to be handed are named', () => {
  const folder = writeLab(labs, { 'try/files/srv/big': 'x'.repeat(600 * 1024) });
  assert.throws(
    () => loadLab(folder),
    /labs\/try\/files holds 614400 bytes; the files of a machine may be 512 KiB in all/,
  );
});
