import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainFailure } from './explain-failure.mjs';

test('a missing network is told from a full disk', () => {
  const npm = explainFailure(
    'npm ci did not finish',
    'npm error code EAI_AGAIN\nnpm error getaddrinfo EAI_AGAIN r.example',
  );
  assert.match(npm.message, /npm registry could not be reached\.\nThe first start needs a network/);
  const apt = explainFailure(
    'apt-get did not finish',
    "E: Failed to fetch http://m.example/x  Temporary failure resolving 'm'",
  );
  assert.match(apt.message, /package mirror could not be reached/);
  const full = explainFailure('npm ci did not finish', 'npm error code ENOSPC');
  assert.match(full.message, /The disk is full\.\nFree some space/);
});

test('an unknown failure shows the end of the output and claims no cause', () => {
  const output = Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n');
  const { message } = explainFailure('npm ci did not finish', output);
  assert.match(message, /^npm ci did not finish\. The end of its output:\n\nline 38\n/);
  assert.match(message, /line 49\n\nMend what it complains about/);
});
