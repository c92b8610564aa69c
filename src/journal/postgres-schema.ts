import { functionsSql } from './postgres-functions.ts';
import { presenceSql } from './postgres-presence-schema.ts';
import { Session } from './postgres-session.ts';
import type { PostgresTarget } from './postgres-target.ts';

/** Long enough for a migration of many rows, by this node or by the one that it waits for. */
const MIGRATE_MS = 600_000;

/** Each takes the log from the version that is its place in the list to the next one. */
const MIGRATIONS: readonly ((schema: string) => string)[] = [
  (schema) => `${tablesSql(schema)} ${functionsSql(schema)} ${presenceSql(schema)}`,
];

/** Brings a log up to date, once, however many nodes try; a newer one than this is refused. */
export async function migrate(target: PostgresTarget): Promise<void> {
  const { schema } = target;
  const session = await Session.open(target);
  try {
    await refuseEncoding(session);
    const version = await versionOf(session, schema);
    if (version > MIGRATIONS.length) {
      throw new Error(
        `the log in schema '${schema}' is of version ${version} and this Sallyport knows versions up to ${MIGRATIONS.length}; start the newer Sallyport that wrote it`,
      );
    }
    for (let next = version; next < MIGRATIONS.length; next += 1) {
      await session.ask(stepSql(schema, next + 1, MIGRATIONS[next]?.(schema) as string), [], MIGRATE_MS);
    }
  } finally {
    session.end();
  }
}

async function refuseEncoding(session: Session): Promise<void> {
  const [row] = await session.ask<{ encoding: string }>(
    "SELECT current_setting('server_encoding') AS encoding",
    [],
    MIGRATE_MS,
  );
  if (row?.encoding !== 'UTF8') {
    throw new Error(`the database's encoding is ${row?.encoding}; make one with ENCODING 'UTF8'`);
  }
}

/** 0: there is no log. */
export async function versionOf(session: Session, schema: string): Promise<number> {
  const [table] = await session.ask<{ name: string | null }>(
    'SELECT to_regclass($1) AS name',
    [`${schema}.migrations`],
    MIGRATE_MS,
  );
  if (table?.name == null) return 0;
  const sql = `SELECT coalesce(max(version), 0) AS version FROM ${schema}.migrations`;
  const [row] = await session.ask<{ version: number }>(sql, [], MIGRATE_MS);
  return row?.version as number;
}

/** One message, so that a node that dies has left all of it or nothing, and no lock. */
function stepSql(schema: string, version: number, sql: string): string {
  return `SELECT pg_advisory_xact_lock(hashtextextended('sallyport ${schema}', 0));
    DO $step$ BEGIN
      IF to_regnamespace('${schema}') IS NULL THEN CREATE SCHEMA ${schema}; END IF;
      CREATE TABLE IF NOT EXISTS ${schema}.migrations (version integer PRIMARY KEY, at timestamptz NOT NULL);
      IF NOT EXISTS (SELECT FROM ${schema}.migrations WHERE version = ${version}) THEN
        ${sql}
        INSERT INTO ${schema}.migrations VALUES (${version}, now());
      END IF;
    END $step$`;
}

function tablesSql(schema: string): string {
  return `
  -- One row: the head of the log. Whoever holds it writes.
  CREATE TABLE ${schema}.log (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    seq bigint NOT NULL DEFAULT 0,
    floor bigint NOT NULL DEFAULT 0,
    approvals_floor bigint NOT NULL DEFAULT 0,
    latest_creation bigint NOT NULL DEFAULT 0,
    clock_regressed_ms bigint NOT NULL DEFAULT 0,
    id text NOT NULL DEFAULT gen_random_uuid(),
    epoch text NOT NULL DEFAULT '',
    identity text NOT NULL DEFAULT ''
  ) WITH (fillfactor = 10);
  INSERT INTO ${schema}.log DEFAULT VALUES;

  -- For each node the number of its last group, and what the last ones were answered that it may have missed.
  CREATE TABLE ${schema}.writers (
    writer text COLLATE "C" PRIMARY KEY,
    number bigint NOT NULL,
    answers jsonb NOT NULL DEFAULT '[]',
    at timestamptz NOT NULL DEFAULT now()
  ) WITH (fillfactor = 10);

  -- approval_id is set for the events that made an approval final, which are its history.
  CREATE TABLE ${schema}.events (
    seq bigint PRIMARY KEY,
    at bigint NOT NULL,
    created_seq bigint,
    created_at bigint,
    expires_at bigint,
    expected bigint,
    id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    agent_id text COLLATE "C",
    entity text COLLATE "C",
    status text COLLATE "C",
    approval_id text COLLATE "C",
    decided_session text COLLATE "C",
    decided_principal text COLLATE "C",
    head text COLLATE "C" NOT NULL,
    payload text COLLATE "C" NOT NULL,
    state text COLLATE "C"
  );
  CREATE INDEX events_kind ON ${schema}.events (kind, seq);
  CREATE INDEX events_agent ON ${schema}.events (agent_id, seq) WHERE agent_id IS NOT NULL;
  CREATE UNIQUE INDEX final_id ON ${schema}.events (approval_id) WHERE approval_id IS NOT NULL;
  CREATE INDEX final_created ON ${schema}.events (created_at) WHERE approval_id IS NOT NULL;
  CREATE INDEX final_status ON ${schema}.events (status, created_seq) WHERE approval_id IS NOT NULL;
  CREATE INDEX final_agent_status ON ${schema}.events (agent_id, status, created_seq)
    WHERE approval_id IS NOT NULL AND agent_id IS NOT NULL;
  CREATE INDEX final_session ON ${schema}.events (decided_session, status, created_seq)
    WHERE approval_id IS NOT NULL AND decided_session IS NOT NULL;
  CREATE INDEX final_principal ON ${schema}.events (decided_principal, status, created_seq)
    WHERE approval_id IS NOT NULL AND decided_principal IS NOT NULL;
  CREATE INDEX final_agent_session ON ${schema}.events (agent_id, decided_session, status, created_seq)
    WHERE approval_id IS NOT NULL AND agent_id IS NOT NULL AND decided_session IS NOT NULL;
  CREATE INDEX final_agent_principal ON ${schema}.events (agent_id, decided_principal, status, created_seq)
    WHERE approval_id IS NOT NULL AND agent_id IS NOT NULL AND decided_principal IS NOT NULL;

  -- created_at is set for approvals and NULL for agents.
  CREATE TABLE ${schema}.open (
    entity text COLLATE "C" PRIMARY KEY,
    seq bigint NOT NULL,
    created_seq bigint NOT NULL,
    agent_id text COLLATE "C",
    created_at bigint,
    expires_at bigint
  ) WITH (fillfactor = 70);
  CREATE INDEX open_created_seq ON ${schema}.open (created_seq) WHERE created_at IS NOT NULL;
  CREATE INDEX open_agent ON ${schema}.open (agent_id, created_seq)
    WHERE created_at IS NOT NULL AND agent_id IS NOT NULL;
  CREATE INDEX open_created ON ${schema}.open (created_at) WHERE created_at IS NOT NULL;

  CREATE TABLE ${schema}.keys (
    key text COLLATE "C" PRIMARY KEY,
    request text COLLATE "C" NOT NULL,
    approval_id text COLLATE "C" NOT NULL
  );
  CREATE INDEX keys_approval ON ${schema}.keys (approval_id);`;
}
