import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { Learners } from './learners.ts';
import { Store } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-store-'));
after(() => rmSync(folder, { recursive: true }));

describe('the store', () => {
  it('has one attempt per learner and lab, whoever asks first', () => {
    using store = new Store(':memory:');
    const learner = new Learners(store).findOrMake(undefined).id;
    const first = store.openAttempt('a1', learner, 'lab');
    assert.deepEqual(first, { id: 'a1', learner, lab: 'lab', epoch: 0, ended: null });
    assert.equal(store.openAttempt('a2', learner, 'lab').id, 'a1');
    assert.equal(store.openAttempt('a3', learner, 'other').id, 'a3');
  });

  it('keeps what was earned and answered, the epoch and the end, over a restart', () => {
    const file = join(folder, 'deep/er/kept.sqlite');
    let token: string | undefined;
    {
      using store = new Store(file);
      const learner = new Learners(store).findOrMake(undefined);
      token = learner.newToken;
      store.openAttempt('a1', learner.id, 'lab');
      store.earn('a1', 'mark');
      store.earn('a1', 'mark');
      store.helpShown('a1', 'mark', '0');
      store.answered('a1', { question: 'where', answer: 'there', isRight: false });
      store.answered('a1', { question: 'where', answer: 'here', isRight: true });
      store.reserveEpochs('a1', 7);
      store.sandboxStarted('a1', 'what it is found by');
      store.sandboxEnded('a1', 'expired');
    }
    using store = new Store(file);
    const learner = new Learners(store).find(token);
    assert.ok(learner);
    const { epoch, ended } = store.openAttempt('a2', learner, 'lab');
    assert.deepEqual([epoch, ended, [...store.earnedSteps('a1')]], [7, 'expired', ['mark']]);
    assert.deepEqual(store.answers('a1'), [{ question: 'where', answer: 'here', isRight: true }]);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('keeps what a living sandbox is found by, and forgets it when that ends', () => {
    const file = join(folder, 'living.sqlite');
    {
      using store = new Store(file);
      const learner = new Learners(store).findOrMake(undefined).id;
      for (const lab of ['one', 'two', 'three']) {
        store.openAttempt(lab, learner, lab);
        store.sandboxStarted(lab, `first of ${lab}`);
      }
      store.sandboxStarted('one', 'second of one');
      store.sandboxChanged('one', 'second of one, later');
      store.sandboxEnded('two', 'stopped');
      store.sandboxEnded('three', null);
      store.sandboxChanged('three', 'too late');
    }
    using store = new Store(file);
    const living = store.livingSandboxes();
    assert.deepEqual(
      living.map(({ attempt: { id, epoch, ended }, record }) => [id, epoch, ended, record]),
      [['one', 0, null, 'second of one, later']],
    );
  });

  it('knows a learner by the hash of the token only', () => {
    const file = join(folder, 'hashed.sqlite');
    let token = '';
    {
      using store = new Store(file);
      const learners = new Learners(store);
      const { id, newToken } = learners.findOrMake(undefined);
      token = newToken ?? '';
      assert.deepEqual(learners.findOrMake(token), { id });
      assert.equal(learners.find(`${token}x`), undefined);
    }
    const names = readdirSync(folder).filter((name) => name.startsWith('hashed'));
    for (const name of names) assert.equal(readFileSync(join(folder, name)).includes(token), false);
  });

  it('says what to do about a file it cannot use', () => {
    const file = join(folder, 'broken.sqlite');
    writeFileSync(file, 'this is not a database, whatever its name says');
    assert.throws(() => new Store(file), {
      code: 'store-unusable',
      message: `The store ${file} cannot be opened: file is not a database. Make its folder writable, or move the file away to begin anew.`,
    });
  });

  it('that cannot be written says which file it is, why, and how much room there is', () => {
    const file = join(folder, 'full.sqlite');
    using store = new Store(file);
    const learner = new Learners(store).findOrMake(undefined).id;
    store.openAttempt('a1', learner, 'lab');
    using disk = new DatabaseSync(file);
    for (const table of ['learners', 'attempts']) {
      for (const change of ['INSERT', 'UPDATE']) {
        const full = "BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END";
        disk.exec(`CREATE TRIGGER ${table}_${change} BEFORE ${change} ON ${table} ${full}`);
      }
    }
    const unwritable = {
      code: 'store-unwritable',
      message: new RegExp(
        `^The store ${file} could not be written: database or disk is full. \\d+ MiB are free in ${folder}. Make room`,
      ),
    };
    assert.throws(() => new Learners(store).findOrMake(undefined), unwritable);
    assert.throws(() => store.openAttempt('a2', learner, 'other'), unwritable);
    // Rolled back by SQLite itself: that is not hidden by a second rollback that finds nothing to do.
    assert.throws(() => store.sandboxStarted('a1', 'record'), unwritable);
    assert.equal(store.openAttempt('a3', learner, 'lab').id, 'a1', 'what is known needs no writing');
  });

  it('leaves a file of a newer version alone', () => {
    const file = join(folder, 'newer.sqlite');
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    assert.throws(() => new Store(file), {
      code: 'store-unusable',
      message: /written by a newer Drydock \(version 99;/,
    });
  });
});
