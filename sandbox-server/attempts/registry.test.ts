import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { FakeMachine } from '../machines/fake/fake-machine.ts';
import { TEST_LAB } from '../testing/test-lab.ts';
import { startTestServer } from '../testing/test-server.ts';

test('machines of a lab that the next server does not have are ended, for nothing counts what they take', async () => {
  const stateFolder = mkdtempSync(join(tmpdir(), 'drydock-registry-'));
  try {
    const host = new Set<FakeMachine>();
    const first = await startTestServer({ stateFolder, driver: { host } });
    await (await first.browser().open()).running();
    await first.server.leave();
    assert.equal(host.size, 1);
    {
      await using _second = await startTestServer({
        stateFolder,
        driver: { host },
        labs: [{ ...TEST_LAB, id: 'other' }],
      });
      assert.equal(host.size, 0);
    }
    using db = new DatabaseSync(join(stateFolder, 'drydock.sqlite'));
    assert.equal(db.prepare('SELECT count(*) AS count FROM sandboxes').get()?.count, 0);
  } finally {
    rmSync(stateFolder, { recursive: true });
  }
});
