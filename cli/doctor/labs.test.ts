import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { judgeLabs, tryLabs } from './labs.ts';

test('labs that can be read are named', () => {
  const { level, text } = judgeLabs(tryLabs(join(import.meta.dirname, '../../labs')));
  assert.equal(level, 'good');
  assert.match(text, /docker-group.*: well written$/);
});

test('a malformed lab is a lack, not a crash', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-'));
  mkdirSync(join(folder, 'broken'));
  writeFileSync(join(folder, 'broken/lab.yaml'), 'titel: [');
  const finding = judgeLabs(tryLabs(folder));
  assert.equal(finding.level, 'lack');
  assert.match(finding.text, /^(one mistake|\d+ mistakes) in their files\.$/);
  assert.equal(finding.fix, 'See what and where:\n  npm run lab -- check');
});
