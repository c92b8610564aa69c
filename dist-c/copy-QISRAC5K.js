import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);
import {
  Session,
  binaryArray,
  messageOf,
  migrate,
  storable,
  targetOf,
  versionOf
} from "./chunk-KHRGLMQW.js";
import {
  SqliteLock,
  createPrivate,
  migrate as migrate2,
  readHead,
  readMeta,
  versionOf as versionOf2,
  writeMeta
} from "./chunk-HTUXLBNY.js";
import "./chunk-75OKU47O.js";
import "./chunk-VF57VZD3.js";

// src/journal/copy-tables.ts
var COPIED = {
  events: [
    ["seq", "bigint"],
    ["at", "bigint"],
    ["id", "text"],
    ["kind", "text"],
    ["agent_id", "text"],
    ["entity", "text"],
    ["expected", "bigint"],
    ["approval_id", "text"],
    ["status", "text"],
    ["created_seq", "bigint"],
    ["created_at", "bigint"],
    ["expires_at", "bigint"],
    ["decided_session", "text"],
    ["decided_principal", "text"],
    ["head", "text"],
    ["payload", "text"],
    ["state", "text"]
  ],
  open: [
    ["entity", "text"],
    ["seq", "bigint"],
    ["created_seq", "bigint"],
    ["agent_id", "text"],
    ["created_at", "bigint"],
    ["expires_at", "bigint"]
  ],
  keys: [
    ["key", "text"],
    ["request", "text"],
    ["approval_id", "text"]
  ]
};
var TABLES = Object.keys(COPIED);
var BATCH_ROWS = 250;

// src/journal/postgres-copy-session.ts
var ASK_MS = 12e4;
var LONG_MS = 6e5;
var LOCK_NOT_AVAILABLE = "55P03";
var CopySession = class _CopySession {
  #target;
  #session;
  static async open(url) {
    const { schema, config } = targetOf(url);
    const target = { schema, config: { ...config, application_name: "sallyport copy" } };
    try {
      return new _CopySession(target, await Session.open(target));
    } catch (error) {
      throw new Error(`the database cannot be reached: ${messageOf(error)}`);
    }
  }
  constructor(target, session) {
    this.#target = target;
    this.#session = session;
  }
  get schema() {
    return this.#target.schema;
  }
  /** 0: there is no log. */
  version() {
    return versionOf(this.#session, this.schema);
  }
  migrate() {
    return migrate(this.#target);
  }
  /** Begins the transaction, with the head row locked: nobody else can write, and no node can start. */
  async begin(mode = "") {
    await this.ask(`BEGIN ${mode}`);
    await this.ask(`SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;
      SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'`);
    try {
      await this.ask(`SELECT FROM ${this.schema}.log FOR UPDATE NOWAIT`);
    } catch (error) {
      if (error.code !== LOCK_NOT_AVAILABLE) throw error;
      throw new Error(
        `a service or another copy is writing the log in schema '${this.schema}'; stop it first`
      );
    }
  }
  ask(text, values = []) {
    return this.#session.ask(text, values, /^(SELECT|ANALYZE)/.test(text) ? LONG_MS : ASK_MS);
  }
  async commit() {
    try {
      await this.#session.ask("COMMIT", [], LONG_MS);
    } catch (error) {
      throw new Error(
        `the connection broke as the copy was committed (${messageOf(error)}); copy again: if the target is refused because there is something in it, the copy is complete`
      );
    }
  }
  end() {
    this.#session.end();
  }
};

// src/journal/postgres-copy-source.ts
async function openPostgresSource(url) {
  const session = await CopySession.open(url);
  try {
    if (await session.version() === 0) throw new Error(`there is no log in schema '${session.schema}'`);
    await session.migrate();
    await session.begin("ISOLATION LEVEL REPEATABLE READ");
    const [log] = await session.ask(logSql(session.schema));
    const { isServed, ...figures } = log;
    if (isServed) {
      throw new Error(
        `a service is connected to the log in schema '${session.schema}'; stop all its nodes first`
      );
    }
    const [rows] = await session.ask(countSql(session.schema));
    return new PostgresSource(session, figures, rows);
  } catch (error) {
    session.end();
    throw error;
  }
}
var PostgresSource = class {
  figures;
  rows;
  #session;
  constructor(session, figures, rows) {
    this.#session = session;
    this.figures = figures;
    this.rows = rows;
  }
  async *read(table) {
    const { schema } = this.#session;
    const columns = COPIED[table].map(([name]) => name);
    const order = table === "events" ? "ORDER BY seq" : "";
    await this.#session.ask(
      `DECLARE copied NO SCROLL CURSOR FOR SELECT ${columns.join(", ")} FROM ${schema}.${table} ${order}`
    );
    for (; ; ) {
      const rows = await this.#session.ask(`FETCH ${BATCH_ROWS} FROM copied`);
      if (rows.length === 0) break;
      yield rows.map((row) => columns.map((name) => row[name]));
    }
    await this.#session.ask("CLOSE copied");
  }
  close() {
    this.#session.end();
  }
};
function logSql(schema) {
  return `SELECT seq AS head, floor, approvals_floor AS "approvalsFloor", clock_regressed_ms AS "clockRegressedMs",
      EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sallyport'
        AND query ~ '\\m${schema}\\M') AS "isServed"
    FROM ${schema}.log`;
}
function countSql(schema) {
  return `SELECT (SELECT count(*) FROM ${schema}.events) AS events, (SELECT count(*) FROM ${schema}.open) AS open,
    (SELECT count(*) FROM ${schema}.keys) AS keys`;
}

// src/journal/postgres-copy-target.ts
async function openPostgresTarget(url) {
  const session = await CopySession.open(url);
  try {
    await session.migrate();
    await session.begin();
    const [log] = await session.ask(
      `SELECT seq, EXISTS (SELECT FROM ${session.schema}.writers) AS "isServed" FROM ${session.schema}.log`
    );
    const { schema } = session;
    if (log?.seq !== 0) throw new Error(`there is something in the log in schema '${schema}' already`);
    if (log.isServed) {
      throw new Error(
        `a service has been started on the log in schema '${schema}' already; stop its nodes and drop the schema, or name another one with ?schema=NAME`
      );
    }
    return new PostgresTarget(session);
  } catch (error) {
    session.end();
    throw error;
  }
}
var PostgresTarget = class {
  #session;
  #latestCreation = 0;
  constructor(session) {
    this.#session = session;
  }
  async write(table, rows) {
    if (table !== "keys") this.#watchCreations(table, rows);
    const values = COPIED[table].map(
      ([name, type], column) => binaryArray(
        type,
        rows.map((row) => storableValue(name, row[column]))
      )
    );
    await this.#session.ask(insertSql(this.#session.schema, table), values);
  }
  async finish({ head, floor, approvalsFloor, clockRegressedMs }) {
    const { schema } = this.#session;
    const figures = [head, floor, approvalsFloor, clockRegressedMs, this.#latestCreation];
    await this.#session.ask(
      `UPDATE ${schema}.log SET seq = $1, floor = $2, approvals_floor = $3, clock_regressed_ms = $4,
        latest_creation = $5, epoch = '', identity = ''`,
      figures
    );
    for (const table of TABLES) await this.#session.ask(`ANALYZE ${schema}.${table}`);
    await this.#session.commit();
  }
  close() {
    this.#session.end();
  }
  #watchCreations(table, rows) {
    const column = COPIED[table].findIndex(([name]) => name === "created_at");
    for (const row of rows) this.#latestCreation = Math.max(this.#latestCreation, Number(row[column]));
  }
};
function storableValue(column, value) {
  return column === "decided_principal" && value !== null ? storable(value) : value;
}
function insertSql(schema, table) {
  const columns = COPIED[table].map(([name]) => name).join(", ");
  const arrays = COPIED[table].map(([, type], index) => `$${index + 1}::${type}[]`).join(", ");
  return `INSERT INTO ${schema}.${table} (${columns}) SELECT * FROM unnest(${arrays})`;
}

// src/journal/sqlite-copy-source.ts
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
function openSqliteSource(path) {
  if (!existsSync(path)) throw new Error(`there is no log '${path}'`);
  const lock = new SqliteLock(path);
  try {
    return new SqliteSource(path, lock);
  } catch (error) {
    lock.close();
    throw error;
  }
}
var SqliteSource = class {
  figures;
  rows;
  #db;
  #lock;
  constructor(path, lock) {
    this.#lock = lock;
    this.#db = new DatabaseSync(path);
    try {
      refuseOther(this.#db, path);
      migrate2(this.#db, path);
      this.figures = {
        head: readHead(this.#db),
        floor: readMeta(this.#db, "floor"),
        approvalsFloor: readMeta(this.#db, "approvals_floor"),
        clockRegressedMs: readMeta(this.#db, "clock_regressed_ms")
      };
      const counts = TABLES.map((table) => [table, this.#count(table)]);
      this.rows = Object.fromEntries(counts);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }
  *read(table) {
    const statement = this.#db.prepare(READ[table]);
    statement.setReturnArrays(true);
    let rows = [];
    for (const row of statement.iterate()) {
      rows.push(row);
      if (rows.length === BATCH_ROWS) {
        yield rows;
        rows = [];
      }
    }
    if (rows.length > 0) yield rows;
  }
  close() {
    this.#db.close();
    this.#lock.close();
  }
  #count(table) {
    return this.#db.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows;
  }
};
function refuseOther(db, path) {
  let version = 0;
  try {
    version = versionOf2(db);
  } catch (error) {
    throw new Error(`'${path}' is no log: ${error.message}`);
  }
  if (version === 0) throw new Error(`'${path}' is no log`);
}
var READ = {
  events: `SELECT events.seq,
      coalesce(resolved_at, CAST(round(1000 * unixepoch('{' || head || '}' ->> 'timestamp', 'subsec')) AS INTEGER)),
      id, kind, events.agent_id, coalesce(open.entity, 'approval:' || approval_id), NULL, approval_id, status,
      coalesce(events.created_seq, open.created_seq), coalesce(events.created_at, open.created_at), expires_at,
      decided_session, decided_principal, head, payload, state
    FROM events LEFT JOIN open INDEXED BY open_seq ON open.seq = events.seq ORDER BY events.seq`,
  open: "SELECT entity, seq, created_seq, agent_id, created_at, expires_at FROM open",
  keys: "SELECT key, request, approval_id FROM keys"
};

// src/journal/sqlite-copy-target.ts
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync as DatabaseSync2 } from "node:sqlite";
function openSqliteTarget(path) {
  mkdirSync(dirname(path), { recursive: true, mode: 448 });
  const lock = new SqliteLock(path);
  try {
    createPrivate(path);
    return new SqliteTarget(path, lock);
  } catch (error) {
    lock.close();
    throw error;
  }
}
var SqliteTarget = class {
  #db;
  #lock;
  #insert;
  constructor(path, lock) {
    this.#lock = lock;
    this.#db = new DatabaseSync2(path);
    try {
      this.#db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32000");
      migrate2(this.#db, path);
      this.#db.exec("BEGIN IMMEDIATE");
      if (readHead(this.#db) > 0) throw new Error(`there is something in the log '${path}' already`);
      const statements = TABLES.map((table) => [table, this.#db.prepare(INSERT[table])]);
      this.#insert = Object.fromEntries(statements);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }
  write(table, rows) {
    for (const row of rows) this.#insert[table].run(...row);
  }
  finish({ floor, approvalsFloor, clockRegressedMs }) {
    writeMeta(this.#db, "floor", floor);
    writeMeta(this.#db, "approvals_floor", approvalsFloor);
    writeMeta(this.#db, "clock_regressed_ms", clockRegressedMs);
    this.#db.exec("DELETE FROM meta WHERE name = 'epoch'; COMMIT");
  }
  close() {
    this.#db.close();
    this.#lock.close();
  }
};
var OF_HISTORY = ["status", "created_seq", "created_at"];
var EVENT = COPIED.events.map(
  ([name], index) => OF_HISTORY.includes(name) ? `iif(?${numberOf("approval_id")} IS NULL, NULL, ?${index + 1})` : `?${index + 1}`
);
var INSERT = {
  events: `INSERT INTO events (seq, id, kind, agent_id, approval_id, status, created_seq, created_at, decided_session,
      decided_principal, resolved_at, head, payload, state)
    SELECT seq, id, kind, agent_id, approval_id, status, created_seq, created_at, decided_session, decided_principal,
      iif(approval_id IS NULL, NULL, at), head, payload, state
    FROM (SELECT ${COPIED.events.map(([name], index) => `${EVENT[index]} AS ${name}`).join(", ")})`,
  open: "INSERT INTO open (entity, seq, created_seq, agent_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
  keys: "INSERT INTO keys (key, request, approval_id) VALUES (?, ?, ?)"
};
function numberOf(column) {
  return COPIED.events.findIndex(([name]) => name === column) + 1;
}

// src/journal/copy.ts
async function copyLog({ from, to, progress }) {
  const source = await openSource(from).catch(explain("the source cannot be used"));
  try {
    const target = await openTarget(to).catch(explain("the target cannot be used"));
    try {
      await copyTables(source, target, progress).catch(explain("nothing was copied"));
      await finish(target, source.figures).catch(explain("the copy could not be finished"));
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
  return { ...source.figures, rows: source.rows };
}
async function openSource(url) {
  return isPostgres(url) ? openPostgresSource(url) : openSqliteSource(pathOf(url));
}
async function openTarget(url) {
  return isPostgres(url) ? openPostgresTarget(url) : openSqliteTarget(pathOf(url));
}
function explain(what) {
  return (error) => {
    throw new Error(`${what}: ${error.message}`);
  };
}
async function copyTables(source, target, progress) {
  const total = TABLES.reduce((sum, table) => sum + source.rows[table], 0);
  let done = 0;
  for (const table of TABLES) {
    for await (const rows of source.read(table)) {
      await target.write(table, rows);
      done += rows.length;
      progress(done, total);
    }
  }
}
async function finish(target, figures) {
  await target.finish(figures);
}
function isPostgres(url) {
  return /^postgres(ql)?:/.test(url);
}
function pathOf(url) {
  return url.slice("sqlite:".length);
}
export {
  copyLog
};
