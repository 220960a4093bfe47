import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { EndReason } from '../../protocol/troubles.ts';
import { DrydockError } from '../errors.ts';
import { MIGRATIONS } from './migrations.ts';
import { storeUnwritable } from './store-unwritable.ts';

/** An attempt as it is kept: everything that outlives a sandbox and the server. */
export interface StoredAttempt {
  readonly id: string;
  readonly learner: string;
  readonly lab: string;
  /** Counts the sandboxes of this attempt: no later number has been given out. */
  readonly epoch: number;
  /** Why its last sandbox ended; null while it lives, and when the server died with it. */
  readonly ended: EndReason | null;
}

/** What an earlier server left. */
export interface LeftSandbox {
  readonly attempt: StoredAttempt;
  /** As that server wrote it. */
  readonly record: string;
}

/** The last answer to a question of a lab. */
export interface StoredAnswer {
  readonly question: string;
  readonly answer: string;
  readonly isRight: boolean;
}

const SEEN_PRECISION_MS = 60 * 60 * 1000; // 1 hour

export interface Forgetting {
  /** Not seen since then: whatever they earned. */
  readonly seenBefore: number;
  /** Not seen since then, and nothing earned. */
  readonly earnedNothingBefore: number;
  readonly limit: number;
}

/** The only place that knows SQL. Every call is one transaction and is on disk, or in the WAL, when it returns. */
export class Store implements Disposable {
  readonly #db: DatabaseSync;
  readonly #file: string;

  /** `:memory:` keeps nothing, for tests. */
  constructor(file: string) {
    this.#file = file;
    this.#db = open(file);
  }

  learnerByToken(tokenHash: Uint8Array): string | undefined {
    const row = this.#db.prepare('SELECT id FROM learners WHERE token_hash = ?').get(tokenHash);
    return row === undefined ? undefined : String(row.id);
  }

  addLearner(id: string, tokenHash: Uint8Array): void {
    const now = Date.now();
    this.#write('INSERT INTO learners (id, token_hash, created_at, seen_at) VALUES (?, ?, ?, ?)', [
      ...[id, tokenHash, now, now],
    ]);
  }

  /** Written once an hour at most: it is about days. */
  learnerSeen(id: string, now: number): void {
    this.#write('UPDATE learners SET seen_at = ? WHERE id = ? AND seen_at < ?', [now, id, now - SEEN_PRECISION_MS]);
  }

  /** Forgets up to `limit` learners, and all that was theirs. Returns how many. */
  forgetLearners({ seenBefore, earnedNothingBefore, limit }: Forgetting): number {
    const { changes } = this.#db
      .prepare(
        `DELETE FROM learners WHERE id IN (
           SELECT id FROM learners
           WHERE seen_at < ? OR (seen_at < ? AND NOT EXISTS (
             SELECT 1 FROM attempts JOIN earned ON earned.attempt = attempts.id WHERE attempts.learner = learners.id
           ))
           LIMIT ?)`,
      )
      .run(seenBefore, earnedNothingBefore, limit);
    return Number(changes);
  }

  /** The learner's attempt at a lab, made on first use; from then on nothing is written for it. */
  openAttempt(id: string, learner: string, lab: string): StoredAttempt {
    const known = this.#attempt(learner, lab);
    if (known !== undefined) return known;
    this.#write('INSERT INTO attempts (id, learner, lab, created_at) VALUES (?, ?, ?, ?)', [
      ...[id, learner, lab, Date.now()],
    ]);
    return { id, learner, lab, epoch: 0, ended: null };
  }

  reserveEpochs(attempt: string, upTo: number): void {
    this.#write('UPDATE attempts SET epoch = ? WHERE id = ?', [upTo, attempt]);
  }

  sandboxStarted(attempt: string, record: string): void {
    this.#atOnce(() => {
      this.#db.prepare('UPDATE attempts SET ended = NULL WHERE id = ?').run(attempt);
      this.#db
        .prepare('INSERT INTO sandboxes VALUES (?, ?) ON CONFLICT DO UPDATE SET record = excluded.record')
        .run(attempt, record);
    });
  }

  sandboxChanged(attempt: string, record: string): void {
    this.#write('UPDATE sandboxes SET record = ? WHERE attempt = ?', [record, attempt]);
  }

  /** `null`: it ended with the server. */
  sandboxEnded(attempt: string, reason: EndReason | null): void {
    this.#atOnce(() => {
      this.#db.prepare('UPDATE attempts SET ended = ? WHERE id = ?').run(reason, attempt);
      this.#db.prepare('DELETE FROM sandboxes WHERE attempt = ?').run(attempt);
    });
  }

  /** Those that lived when the last server went. */
  livingSandboxes(): LeftSandbox[] {
    const rows = this.#db.prepare('SELECT * FROM sandboxes JOIN attempts ON attempts.id = sandboxes.attempt').all();
    return rows.map((row) => ({ attempt: toAttempt(row), record: String(row.record) }));
  }

  earnedSteps(attempt: string): ReadonlySet<string> {
    const rows = this.#db.prepare('SELECT step FROM earned WHERE attempt = ?').all(attempt);
    return new Set(rows.map(({ step }) => String(step)));
  }

  earn(attempt: string, step: string): void {
    this.#write('INSERT INTO earned (attempt, step, earned_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [
      ...[attempt, step, Date.now()],
    ]);
  }

  /** How far a learner went for help; `what` is a hint's number or "solution". */
  helpShown(attempt: string, step: string, what: string): void {
    this.#write('INSERT INTO help (attempt, step, what, shown_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', [
      ...[attempt, step, what, Date.now()],
    ]);
  }

  answers(attempt: string): StoredAnswer[] {
    const rows = this.#db.prepare('SELECT question, answer, is_right FROM answers WHERE attempt = ?').all(attempt);
    return rows.map((row) => {
      return { question: String(row.question), answer: String(row.answer), isRight: row.is_right === 1 };
    });
  }

  answered(attempt: string, { question, answer, isRight }: StoredAnswer): void {
    const sql =
      'INSERT OR REPLACE INTO answers (attempt, question, answer, is_right, answered_at) VALUES (?, ?, ?, ?, ?)';
    this.#write(sql, [attempt, question, answer, isRight ? 1 : 0, Date.now()]);
  }

  /** Throws when nothing can be written: it writes the version that is there once more, which a full disk refuses. */
  probe(): void {
    this.#db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  }

  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close();
  }

  #attempt(learner: string, lab: string): StoredAttempt | undefined {
    const row = this.#db.prepare('SELECT * FROM attempts WHERE learner = ? AND lab = ?').get(learner, lab);
    return row && toAttempt(row);
  }

  #write(sql: string, values: readonly SQLInputValue[]): void {
    this.#orSayWhy(() => this.#db.prepare(sql).run(...values));
  }

  #atOnce(write: () => void): void {
    this.#orSayWhy(() => {
      this.#db.exec('BEGIN IMMEDIATE');
      try {
        write();
        this.#db.exec('COMMIT');
      } catch (cause) {
        // A full disk may have rolled it back already.
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
        throw cause;
      }
    });
  }

  #orSayWhy(write: () => void): void {
    try {
      write();
    } catch (cause) {
      throw storeUnwritable(this.#file, cause);
    }
  }
}

function toAttempt(row: Record<string, unknown>): StoredAttempt {
  return {
    ...{ id: String(row.id), learner: String(row.learner), lab: String(row.lab), epoch: Number(row.epoch) },
    ended: row.ended === null ? null : (String(row.ended) as EndReason),
  };
}

function open(file: string): DatabaseSync {
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const db = new DatabaseSync(file);
    if (file !== ':memory:') chmodSync(file, 0o600);
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000',
    );
    migrate(db, file);
    return db;
  } catch (cause) {
    if (cause instanceof DrydockError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DrydockError(
      'store-unusable',
      `The store ${file} cannot be opened: ${why}. Make its folder writable, or move the file away to begin anew.`,
      { cause },
    );
  }
}

function migrate(db: DatabaseSync, file: string): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  if (version > MIGRATIONS.length) {
    throw new DrydockError(
      'store-unusable',
      `The store ${file} was written by a newer Drydock (version ${version}; this one knows ${MIGRATIONS.length}). ` +
        'Start the newer one, or move the file away to begin anew.',
    );
  }
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version) continue;
    db.exec(`BEGIN; ${sql}; PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}
