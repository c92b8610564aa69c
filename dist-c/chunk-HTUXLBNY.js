import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);
import {
  StorageUnavailable
} from "./chunk-75OKU47O.js";

// src/journal/sqlite-lock.ts
import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
var RECORD_EVERY_MS = 1e3;
var SQLITE_BUSY = 5;
var SqliteLock = class {
  #db;
  #record;
  #recordedAt = Number.NEGATIVE_INFINITY;
  constructor(path) {
    const lockPath = `${path}-lock`;
    createPrivate(lockPath);
    this.#db = new DatabaseSync(lockPath);
    try {
      this.#db.exec(`
        PRAGMA locking_mode = EXCLUSIVE;
        BEGIN EXCLUSIVE;
        CREATE TABLE IF NOT EXISTS seen (one INTEGER PRIMARY KEY, epoch TEXT, head INTEGER) STRICT;
        INSERT OR IGNORE INTO seen VALUES (1, '', 0);
        COMMIT;
        PRAGMA synchronous = OFF;`);
    } catch (error) {
      this.#db.close();
      throw lockError(error, path);
    }
    this.#record = this.#db.prepare("UPDATE seen SET epoch = ?, head = ? WHERE one = 1");
  }
  /** True if the log was last of this epoch and not further than `head`: no older copy was put in its place. */
  knows(epoch, head) {
    const seen = this.#db.prepare("SELECT epoch, head FROM seen").get();
    return seen.epoch === epoch && seen.head <= head;
  }
  /** Only a hint, so it may be late, lost, or refused by a full disk. */
  record(epoch, head) {
    try {
      this.#record.run(epoch, head);
    } catch {
    }
  }
  recordNowAndThen(epoch, head, now) {
    if (Math.abs(now - this.#recordedAt) < RECORD_EVERY_MS) return;
    this.#recordedAt = now;
    this.record(epoch, head);
  }
  close() {
    this.#db.close();
  }
};
function createPrivate(path) {
  try {
    closeSync(openSync(path, "wx", 384));
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
}
function lockError(error, path) {
  const { errcode, message } = error;
  return (errcode & 255) === SQLITE_BUSY ? new Error(
    `another process is using the log '${path}'; stop it first, or give this one another SALLYPORT_STORE`
  ) : new Error(`the lock '${path}-lock' cannot be taken: ${message}; delete it if no process uses the log`);
}

// src/journal/sqlite-transaction.ts
var SQLITE_IOERR = 10;
function transaction(db, write) {
  let committing = false;
  try {
    db.exec("BEGIN IMMEDIATE");
    const result = write();
    committing = true;
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw classify(error, committing);
  }
}
function classify(error, committing) {
  const { errcode, message } = error;
  if (committing && errcode !== void 0 && (errcode & 255) === SQLITE_IOERR) {
    return new Error(`the log may not be on disk: ${message}`);
  }
  return new StorageUnavailable(`the log cannot be written: ${message}`);
}

// src/journal/sqlite-schema.ts
var MIGRATIONS = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
  INSERT INTO meta VALUES ('floor', 0), ('approvals_floor', 0), ('clock_regressed_ms', 0);

  -- The columns from approval_id on are set for the events that made an approval final, which are its history.
  -- The long ones come last, so that a filter on the short ones does not read over them.
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    agent_id TEXT,
    approval_id TEXT,
    status TEXT,
    created_seq INTEGER,
    created_at INTEGER,
    decided_session TEXT,
    decided_principal TEXT,
    resolved_at INTEGER,
    head TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT
  ) STRICT;
  CREATE INDEX events_kind ON events (kind);
  CREATE INDEX events_agent ON events (agent_id) WHERE agent_id IS NOT NULL;
  CREATE UNIQUE INDEX final_id ON events (approval_id) WHERE approval_id IS NOT NULL;
  CREATE INDEX final_status ON events (status, created_seq) WHERE approval_id IS NOT NULL;
  CREATE INDEX final_agent_status ON events (agent_id, status, created_seq)
    WHERE approval_id IS NOT NULL AND agent_id IS NOT NULL;
  CREATE INDEX final_session ON events (decided_session, status, created_seq)
    WHERE approval_id IS NOT NULL AND decided_session IS NOT NULL;
  CREATE INDEX final_principal ON events (decided_principal, status, created_seq)
    WHERE approval_id IS NOT NULL AND decided_principal IS NOT NULL;
  CREATE INDEX final_agent_session ON events (agent_id, decided_session, status, created_seq)
    WHERE approval_id IS NOT NULL AND agent_id IS NOT NULL AND decided_session IS NOT NULL;
  CREATE INDEX final_agent_principal ON events (agent_id, decided_principal, status, created_seq)
    WHERE approval_id IS NOT NULL AND agent_id IS NOT NULL AND decided_principal IS NOT NULL;

  -- created_at is set for approvals and NULL for agents.
  CREATE TABLE open (
    entity TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    created_seq INTEGER NOT NULL,
    agent_id TEXT,
    created_at INTEGER,
    expires_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX open_seq ON open (seq);
  CREATE INDEX open_agents ON open (created_seq) WHERE created_at IS NULL;
  CREATE INDEX open_approvals ON open (created_seq) WHERE created_at IS NOT NULL;
  CREATE INDEX open_approvals_agent ON open (agent_id, created_seq)
    WHERE created_at IS NOT NULL AND agent_id IS NOT NULL;

  CREATE TABLE keys (key TEXT PRIMARY KEY, request TEXT NOT NULL, approval_id TEXT NOT NULL)
    STRICT, WITHOUT ROWID;
  CREATE INDEX keys_approval ON keys (approval_id);
  `
];
function migrate(db, path) {
  const version = versionOf(db);
  if (version > MIGRATIONS.length) {
    throw new Error(
      `the log '${path}' is of version ${version} and this Sallyport knows versions up to ${MIGRATIONS.length}; start the newer Sallyport that wrote it`
    );
  }
  for (let next = version; next < MIGRATIONS.length; next += 1) {
    transaction(db, () => db.exec(`${MIGRATIONS[next]} PRAGMA user_version = ${next + 1};`));
  }
}
function versionOf(db) {
  return db.prepare("PRAGMA user_version").get()?.user_version;
}
function readMeta(db, name) {
  return db.prepare("SELECT value FROM meta WHERE name = ?").get(name)?.value;
}
function writeMeta(db, name, value) {
  db.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)").run(name, value);
}
function readHead(db) {
  const { head } = db.prepare("SELECT max(seq) AS head FROM events").get();
  return Math.max(head ?? 0, readMeta(db, "floor"));
}

export {
  SqliteLock,
  createPrivate,
  transaction,
  classify,
  migrate,
  versionOf,
  readMeta,
  writeMeta,
  readHead
};
