import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

// npm 11.19 with omit-lockfile-registry-resolved writes entries without a version, which no `npm ci` reads again. Where
// this fails: take such entries out, and run `npx npm@11.6.4 install --package-lock-only`.
for (const path of ['../../package-lock.json', './node-runtime/package-lock.json']) {
  test(`${path} says version and contents of every package, and no address`, () => {
    const lockfile = JSON.parse(readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8'));
    const packages = Object.entries<Record<string, unknown>>(lockfile.packages).filter(([folder]) => folder !== '');
    const wrong = packages.filter(([, entry]) => !entry.version || !entry.integrity || entry.resolved !== undefined);
    assert.ok(packages.length > 0);
    assert.deepEqual(
      wrong.map(([folder]) => folder),
      [],
    );
  });
}
