/** How the store's tables came to be, oldest first. A released entry is never changed; a new one is added. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE learners (
     id TEXT PRIMARY KEY,
     token_hash BLOB NOT NULL UNIQUE,
     created_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE attempts (
     id TEXT PRIMARY KEY,
     learner TEXT NOT NULL REFERENCES learners ON DELETE CASCADE,
     lab TEXT NOT NULL,
     epoch INTEGER NOT NULL DEFAULT 0,
     ended TEXT,
     created_at INTEGER NOT NULL,
     UNIQUE (learner, lab)
   ) STRICT;
   CREATE TABLE earned (
     attempt TEXT NOT NULL REFERENCES attempts ON DELETE CASCADE,
     step TEXT NOT NULL,
     earned_at INTEGER NOT NULL,
     PRIMARY KEY (attempt, step)
   ) STRICT;
   CREATE TABLE help (
     attempt TEXT NOT NULL REFERENCES attempts ON DELETE CASCADE,
     step TEXT NOT NULL,
     what TEXT NOT NULL,
     shown_at INTEGER NOT NULL,
     PRIMARY KEY (attempt, step, what)
   ) STRICT`,
  // When a learner was last here: what is not, for long, is forgotten.
  `ALTER TABLE learners ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
   UPDATE learners SET seen_at = unixepoch() * 1000;
   CREATE INDEX learners_seen_at ON learners (seen_at)`,
  // What lives now, for the server that comes next. Holds what checks must know and learners must not: secrets.
  `CREATE TABLE sandboxes (
     attempt TEXT PRIMARY KEY REFERENCES attempts ON DELETE CASCADE,
     record TEXT NOT NULL
   ) STRICT`,
  // The last answer to each question of the lab.
  `CREATE TABLE answers (
     attempt TEXT NOT NULL REFERENCES attempts ON DELETE CASCADE,
     question TEXT NOT NULL,
     answer TEXT NOT NULL,
     is_right INTEGER NOT NULL,
     answered_at INTEGER NOT NULL,
     PRIMARY KEY (attempt, question)
   ) STRICT`,
];
