import { transaction } from './sqlite-transaction.js';
/** Each takes the log from the version that is its place in the list to the next one. */
const MIGRATIONS = [
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
  `,
];
/** Brings a log up to date; a newer one than this is refused. */
export function migrate(db, path) {
    const version = versionOf(db);
    if (version > MIGRATIONS.length) {
        throw new Error(`the log '${path}' is of version ${version} and this Sallyport knows versions up to ${MIGRATIONS.length}; start the newer Sallyport that wrote it`);
    }
    for (let next = version; next < MIGRATIONS.length; next += 1) {
        transaction(db, () => db.exec(`${MIGRATIONS[next]} PRAGMA user_version = ${next + 1};`));
    }
}
/** 0: there is no log yet. */
export function versionOf(db) {
    return db.prepare('PRAGMA user_version').get()?.user_version;
}
export function readMeta(db, name) {
    return db.prepare('SELECT value FROM meta WHERE name = ?').get(name)?.value;
}
export function writeMeta(db, name, value) {
    db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(name, value);
}
/** `seq` of the newest entry; retention may have taken the newest row, never a number. */
export function readHead(db) {
    const { head } = db.prepare('SELECT max(seq) AS head FROM events').get();
    return Math.max(head ?? 0, readMeta(db, 'floor'));
}
