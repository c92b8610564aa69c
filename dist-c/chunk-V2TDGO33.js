import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);
import {
  SqliteLock,
  classify,
  createPrivate,
  migrate,
  readHead,
  readMeta,
  transaction,
  writeMeta
} from "./chunk-HTUXLBNY.js";
import {
  APPROVALS_EVERY_MS,
  MAX_RETENTION_ROWS,
  approvalsCutoff,
  cutApprovals,
  cutEvents,
  nextFloor
} from "./chunk-LG2IJRYR.js";
import {
  StorageUnavailable
} from "./chunk-75OKU47O.js";

// src/journal/sqlite-created.ts
function createdBounds(statements, after, before) {
  if (after === null && before === null) return { low: 0, high: Number.MAX_SAFE_INTEGER };
  const { head, regressedMs } = statements.get(LIMITS);
  return {
    low: after === null ? 0 : lowBound(statements, head, after - regressedMs),
    high: before === null ? head + 1 : highBound(statements, head, before + regressedMs)
  };
}
function newestCreation(statements) {
  return statements.get(LAST_UP_TO, { seq: Number.MAX_SAFE_INTEGER })?.at ?? 0;
}
function highBound(statements, head, proof) {
  let low = 0;
  let high = head + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const next = statements.get(FIRST_FROM, { seq: middle });
    if (next === void 0 || next.seq >= high || next.at >= proof) high = middle;
    else low = next.seq + 1;
  }
  return high;
}
function lowBound(statements, head, proof) {
  let low = 0;
  let high = head;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const previous = statements.get(LAST_UP_TO, { seq: middle });
    if (previous === void 0 || previous.seq <= low || previous.at <= proof) low = middle;
    else high = previous.seq - 1;
  }
  return low;
}
var LIMITS = `SELECT coalesce((SELECT max(seq) FROM events), 0) AS head,
  (SELECT value FROM meta WHERE name = 'clock_regressed_ms') AS regressedMs`;
var FIRST_FROM = nearest(">=", "ASC");
var LAST_UP_TO = nearest("<=", "DESC");
function nearest(comparison, order) {
  const finals = ["resolved", "expired", "cancelled"].map(
    (status) => `SELECT created_seq AS seq, created_at AS at FROM events INDEXED BY final_status
       WHERE approval_id IS NOT NULL AND status = '${status}' AND created_seq ${comparison} $seq`
  );
  const pending = `SELECT created_seq AS seq, created_at AS at FROM open INDEXED BY open_approvals
    WHERE created_at IS NOT NULL AND created_seq ${comparison} $seq`;
  return `${[...finals, pending].join(" UNION ALL ")} ORDER BY seq ${order} LIMIT 1`;
}

// src/journal/sqlite-approvals.ts
var FINAL_STATUSES = ["resolved", "expired", "cancelled"];
var ALL_STATUSES = ["pending", ...FINAL_STATUSES];
var FINAL = `SELECT approval_id AS id, seq, created_seq AS createdSeq, coalesce(state, payload) AS state FROM events`;
var PENDING = `SELECT substr(entity, 10) AS id, open.seq AS seq, open.created_seq AS createdSeq,
  coalesce(state, payload) AS state FROM open`;
var EVENT = "CROSS JOIN events ON events.seq = open.seq";
function approvalById(statements, id) {
  return statements.get(
    `${PENDING} ${EVENT} WHERE entity = 'approval:' || $id
     UNION ALL ${FINAL} INDEXED BY final_id WHERE approval_id = $id`,
    { id }
  );
}
function approvalByKey(statements, keyId) {
  return statements.get(
    "SELECT approval_id AS approvalId, request FROM keys WHERE key = $keyId",
    { keyId }
  );
}
function approvalsPage(statements, query) {
  const sql = approvalsSql(query);
  if (sql === null) return [];
  const { low, high } = createdBounds(statements, query.createdAfter, query.createdBefore);
  const from = query.from;
  const rows = statements.iterate(sql, {
    agent: query.agentId,
    decider: query.decidedBy,
    low: from !== null && query.order === "asc" ? Math.max(low, from) : low,
    high: from !== null && query.order === "desc" ? Math.min(high, from) : high,
    after: query.createdAfter ?? Number.MIN_SAFE_INTEGER,
    before: query.createdBefore ?? Number.MAX_SAFE_INTEGER,
    limit: query.limit
  });
  return cutApprovals(rows, query.maxLength);
}
function approvalsSql(query) {
  const statuses = query.statuses.length === 0 ? ALL_STATUSES : query.statuses;
  const branches = FINAL_STATUSES.filter((status) => statuses.includes(status)).flatMap(
    (status) => finalBranches(query, status)
  );
  if (statuses.includes("pending") && query.decidedBy === null) branches.push(pendingBranch(query));
  if (branches.length === 0) return null;
  const order = query.order === "asc" ? "ASC" : "DESC";
  return `${branches.join(" UNION ALL ")} ORDER BY createdSeq ${order} LIMIT $limit`;
}
function finalBranches(query, status) {
  const range = `approval_id IS NOT NULL AND status = '${status}' AND created_seq > $low AND created_seq < $high
    AND created_at > $after AND created_at < $before`;
  const ofAgent = query.agentId === null ? "" : "AND agent_id = $agent";
  const index = query.agentId === null ? "final" : "final_agent";
  if (query.decidedBy !== null) {
    return ["session", "principal"].map(
      (decider) => `${FINAL} INDEXED BY ${index}_${decider} WHERE decided_${decider} = $decider AND ${range} ${ofAgent}`
    );
  }
  return [`${FINAL} INDEXED BY ${index}_status WHERE ${range} ${ofAgent}`];
}
function pendingBranch(query) {
  const [index, ofAgent] = query.agentId === null ? ["open_approvals", ""] : ["open_approvals_agent", "AND open.agent_id = $agent"];
  return `${PENDING} INDEXED BY ${index} ${EVENT} WHERE open.created_at IS NOT NULL ${ofAgent}
    AND open.created_seq > $low AND open.created_seq < $high
    AND open.created_at > $after AND open.created_at < $before`;
}

// src/journal/sqlite-events.ts
var MAX_MERGED_KINDS = 64;
function eventsPage(statements, query) {
  const { floor } = statements.get(FLOOR);
  const kinds = distinctKinds(statements, query);
  if (kinds?.length === 0) return { events: [], floor, isCut: false };
  const sql = eventsSql(query, kinds);
  const values = {
    after: Math.max(query.after, floor),
    before: query.before ?? Number.MAX_SAFE_INTEGER,
    limit: query.limit,
    agent: query.agentId ?? ""
  };
  kinds?.forEach((kind, index) => {
    values[`kind${index}`] = kind;
  });
  return { ...cutEvents(statements.iterate(sql, values), query.maxLength), floor };
}
var FLOOR = "SELECT value AS floor FROM meta WHERE name = 'floor'";
function eventsSql(query, kinds) {
  const order = `ORDER BY seq ${query.order === "asc" ? "ASC" : "DESC"} LIMIT $limit`;
  const select = "SELECT seq, kind, agent_id AS agentId, head, payload FROM events";
  const range = "seq > $after AND seq < $before";
  const oneOf = `kind IN (${kinds?.map((_, index) => `$kind${index}`).join()})`;
  if (query.agentId !== null) {
    const only = kinds === null ? "" : `AND ${oneOf}`;
    return `${select} INDEXED BY events_agent WHERE agent_id = $agent AND ${range} ${only} ${order}`;
  }
  if (kinds === null) return `${select} WHERE ${range} ${order}`;
  if (kinds.length > MAX_MERGED_KINDS) return `${select} NOT INDEXED WHERE ${range} AND ${oneOf} ${order}`;
  return `${kinds.map((_, index) => `${select} INDEXED BY events_kind WHERE kind = $kind${index} AND ${range}`).join(" UNION ALL ")} ${order}`;
}
function distinctKinds(statements, { kinds }) {
  if (kinds.length === 0) return null;
  const distinct = /* @__PURE__ */ new Set();
  for (const kind of kinds) {
    if (!kind.endsWith(".*")) distinct.add(kind);
    else for (const member of family(statements, kind.slice(0, -1))) distinct.add(member);
  }
  return [...distinct].sort();
}
function family(statements, prefix) {
  return statements.all(FAMILY, { prefix, end: `${prefix.slice(0, -1)}/` }).map(({ kind }) => kind);
}
var FAMILY = `
  WITH RECURSIVE family (kind) AS (
    SELECT (SELECT min(kind) FROM events WHERE kind >= $prefix AND kind < $end)
    UNION ALL
    SELECT (SELECT min(events.kind) FROM events WHERE events.kind > family.kind AND events.kind < $end)
    FROM family WHERE family.kind IS NOT NULL
  )
  SELECT kind FROM family WHERE kind IS NOT NULL`;

// src/journal/sqlite-statements.ts
var MAX_STATEMENTS = 200;
var Statements = class {
  #db;
  #prepared = /* @__PURE__ */ new Map();
  constructor(db) {
    this.#db = db;
  }
  /** Values that the text does not name are allowed, so that a query has one set of values for all its forms. */
  all(sql, values = {}) {
    return this.#prepare(sql).all(values);
  }
  iterate(sql, values = {}) {
    return this.#prepare(sql).iterate(values);
  }
  get(sql, values = {}) {
    return this.#prepare(sql).get(values);
  }
  /** Everything `read` reads is of the same moment. */
  snapshot(read) {
    this.#db.exec("BEGIN");
    try {
      return read();
    } finally {
      this.#db.exec("COMMIT");
    }
  }
  #prepare(sql) {
    let statement = this.#prepared.get(sql);
    if (statement === void 0) {
      if (this.#prepared.size === MAX_STATEMENTS) this.#prepared.clear();
      statement = this.#db.prepare(sql);
      statement.setAllowUnknownNamedParameters(true);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
};

// src/journal/sqlite-reader.ts
var SqliteReader = class {
  #statements;
  constructor(db) {
    this.#statements = new Statements(db);
  }
  events(query) {
    return this.#statements.snapshot(() => eventsPage(this.#statements, query));
  }
  approval(id) {
    return approvalById(this.#statements, id);
  }
  approvalByKey(keyId) {
    return approvalByKey(this.#statements, keyId);
  }
  approvals(query) {
    return this.#statements.snapshot(() => approvalsPage(this.#statements, query));
  }
};

// src/journal/sqlite-log.ts
import { DatabaseSync } from "node:sqlite";

// src/journal/sqlite-epoch.ts
import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
function settleEpoch(db, path, lock) {
  const inode = String(statSync(path, { bigint: true }).ino);
  const epoch = readMeta(db, "epoch");
  const head = readHead(db);
  const same = readMeta(db, "inode") === inode && lock.knows(epoch, head);
  if (typeof epoch === "string" && same) return epoch;
  const fresh = makeEpoch();
  transaction(db, () => {
    writeMeta(db, "epoch", fresh);
    writeMeta(db, "inode", inode);
  });
  lock.record(fresh, head);
  return fresh;
}
function makeEpoch() {
  return randomBytes(4).toString("hex");
}

// src/journal/sqlite-place.ts
import { mkdirSync, statSync as statSync2 } from "node:fs";
import { dirname, join } from "node:path";
function makePlace(path) {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 448 });
  } catch (error) {
    throw new Error(
      `the folder '${folder}' cannot be made (${error.message}); name another place`
    );
  }
  if (statSync2(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`that is a folder; name a file in it: sqlite:${join(path, "sallyport.db")}`);
  }
}

// src/journal/sqlite-retention.ts
var SqliteRetention = class {
  floor;
  #db;
  #options;
  /** History up to here has been looked at and is gone, or is not history. */
  #approvalsFloor;
  #approvalsAt = Number.NEGATIVE_INFINITY;
  constructor(db, options) {
    this.#db = db;
    this.#options = options;
    this.floor = readMeta(db, "floor");
    this.#approvalsFloor = readMeta(db, "approvals_floor");
  }
  /** True if there is more to do at once. */
  events(head) {
    const floor = nextFloor(head, this.floor, this.#options.retainEvents);
    if (floor === this.floor) return false;
    transaction(this.#db, () => {
      this.#db.prepare(
        `DELETE FROM events WHERE seq > ? AND seq <= ? AND approval_id IS NULL
           AND NOT EXISTS (SELECT 1 FROM open INDEXED BY open_seq WHERE open.seq = events.seq)`
      ).run(this.floor, floor);
      writeMeta(this.#db, "floor", floor);
    });
    this.floor = floor;
    return nextFloor(head, floor, this.#options.retainEvents) > floor;
  }
  /** History goes once in a while, and only where its event has gone. True if there is more to do at once. */
  approvals(now) {
    if (Math.abs(now - this.#approvalsAt) < APPROVALS_EVERY_MS) return false;
    const cutoff = approvalsCutoff(now, this.#options.retainApprovalsDays);
    const { passed, more } = transaction(this.#db, () => this.#forget(cutoff));
    this.#approvalsFloor = passed;
    if (!more) this.#approvalsAt = now;
    return more;
  }
  #forget(cutoff) {
    const { gone, passed, more } = this.#oldest(cutoff);
    for (const { seq, id } of gone) {
      this.#db.prepare("DELETE FROM events WHERE seq = ?").run(seq);
      this.#db.prepare("DELETE FROM keys WHERE approval_id = ?").run(id);
    }
    if (passed > this.#approvalsFloor) writeMeta(this.#db, "approvals_floor", passed);
    return { passed, more };
  }
  #oldest(cutoff) {
    const rows = this.#db.prepare(
      `SELECT seq, approval_id AS id, resolved_at AS at FROM events
         WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`
    ).all(this.#approvalsFloor, this.floor, MAX_RETENTION_ROWS);
    const gone = [];
    let passed = this.#approvalsFloor;
    for (const { seq, id, at } of rows) {
      if (id !== null) {
        if (at >= cutoff) return { gone, passed, more: false };
        gone.push({ seq, id });
      }
      passed = seq;
    }
    return { gone, passed, more: rows.length === MAX_RETENTION_ROWS };
  }
};

// src/journal/sqlite-writer.ts
var SqliteWriter = class {
  /** `seq` of the newest entry. */
  head;
  #db;
  #insertEvent;
  #deleteEvent;
  #selectOpen;
  #insertOpen;
  #updateOpen;
  #deleteOpen;
  #insertKey;
  #selectKey;
  #deleteKey;
  /** No approval was created later than this by its own clock. */
  #latestCreation;
  /** The most by which an approval was created before an earlier one, by their clocks. */
  #clockRegressedMs;
  constructor(db, head) {
    this.#db = db;
    this.head = head;
    this.#insertEvent = db.prepare(
      `INSERT INTO events (seq, id, kind, agent_id, head, payload, state, approval_id, status, created_seq, created_at,
       decided_session, decided_principal, resolved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
    );
    this.#deleteEvent = db.prepare("DELETE FROM events WHERE seq = ?");
    this.#selectOpen = db.prepare("SELECT seq, created_seq FROM open WHERE entity = ?");
    this.#insertOpen = db.prepare("INSERT OR IGNORE INTO open VALUES (?, ?, ?, ?, ?, ?)");
    this.#updateOpen = db.prepare("UPDATE open SET seq = ? WHERE entity = ?");
    this.#deleteOpen = db.prepare("DELETE FROM open WHERE entity = ?");
    this.#insertKey = db.prepare("INSERT OR IGNORE INTO keys VALUES (?, ?, ?)");
    this.#selectKey = db.prepare("SELECT approval_id, request FROM keys WHERE key = ?");
    this.#deleteKey = db.prepare("DELETE FROM keys WHERE key = ?");
    this.#clockRegressedMs = readMeta(db, "clock_regressed_ms");
    this.#latestCreation = newestCreation(new Statements(db)) + this.#clockRegressedMs;
  }
  /** What a transaction that is rolled back must restore. */
  mark() {
    return [this.head, this.#latestCreation, this.#clockRegressedMs];
  }
  reset([head, latestCreation, clockRegressedMs]) {
    this.head = head;
    this.#latestCreation = latestCreation;
    this.#clockRegressedMs = clockRegressedMs;
  }
  /** A conflict leaves no trace. */
  write(change, floor) {
    const { entity } = change;
    if (entity === null) {
      this.#insert(change, null, null);
      return void 0;
    }
    const name = `${entity.type}:${entity.id}`;
    if (entity.expected === 0) return this.#create(name, change, entity);
    const open = this.#selectOpen.get(name);
    if (open?.seq !== entity.expected) return { conflict: "version", version: open?.seq ?? 0 };
    const final = entity.type === "approval" && entity.status !== "pending" ? entity : null;
    const state = entity.state === change.payload ? null : entity.state;
    this.#insert(change, state, final === null ? null : { ...final, createdSeq: open.created_seq });
    if (isClosing(entity)) this.#deleteOpen.run(name);
    else this.#updateOpen.run(this.head, name);
    if (open.seq <= floor) this.#deleteEvent.run(open.seq);
    return void 0;
  }
  /** Only what is new has no version. It is not looked up before: that it is not there yet is seen when it is put there. */
  #create(name, change, entity) {
    const taken = this.#claimKey(entity);
    if (taken !== void 0) return taken;
    const [createdAt, expiresAt] = entity.type === "agent" ? [null, null] : [entity.createdAt, entity.expiresAt];
    const seq = this.head + 1;
    if (this.#insertOpen.run(name, seq, seq, change.agentId, createdAt, expiresAt).changes === 0) {
      if (entity.type === "approval" && entity.key !== null) this.#deleteKey.run(entity.key.id);
      const { seq: version } = this.#selectOpen.get(name);
      return { conflict: "version", version };
    }
    if (createdAt !== null) this.#watchClock(createdAt);
    this.#insert(change, entity.state === change.payload ? null : entity.state, null);
    return void 0;
  }
  #claimKey(entity) {
    if (entity.type === "agent" || entity.key === null) return void 0;
    const { id, request } = entity.key;
    if (this.#insertKey.run(id, request, entity.id).changes === 1) return void 0;
    const held = this.#selectKey.get(id);
    return { conflict: "key", approvalId: held.approval_id, request: held.request };
  }
  #insert(change, state, final) {
    const by = final?.decidedBy ?? null;
    this.#insertEvent.run(
      ++this.head,
      change.id,
      change.kind,
      change.agentId,
      change.head,
      change.payload,
      state,
      final?.id ?? null,
      final?.status ?? null,
      final?.createdSeq ?? null,
      final?.createdAt ?? null,
      by?.session_id ?? null,
      // A principal that is called like its session is found by the session's name already.
      by?.principal === by?.session_id ? null : by?.principal ?? null,
      final === null ? null : change.timestamp
    );
  }
  /** Pages between two times rely on how far the order of creation is from the order of the clock. */
  #watchClock(createdAt) {
    const regressedMs = this.#latestCreation - createdAt;
    this.#latestCreation = Math.max(this.#latestCreation, createdAt);
    if (regressedMs <= this.#clockRegressedMs) return;
    this.#clockRegressedMs = regressedMs;
    writeMeta(this.#db, "clock_regressed_ms", regressedMs);
  }
};
function isClosing(entity) {
  return entity.type === "agent" ? entity.state === null : entity.status !== "pending";
}

// src/journal/sqlite-log.ts
var IN_MEMORY = ":memory:";
var CHECKPOINT_PAGES = 1e3;
var SqliteLog = class {
  epoch;
  reader;
  #db;
  #lock;
  #writer;
  #retention;
  #walPages;
  #checkpoint;
  #fatal;
  /** Opens or makes the log; throws one sentence if another process has it or a newer version wrote it. */
  constructor(path, options) {
    if (path !== IN_MEMORY) {
      makePlace(path);
      this.#lock = new SqliteLock(path);
      createPrivate(path);
    }
    this.#db = new DatabaseSync(path);
    try {
      this.#db.exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0"
      );
      migrate(this.#db, path);
      this.epoch = this.#lock === void 0 ? makeEpoch() : settleEpoch(this.#db, path, this.#lock);
      this.#retention = new SqliteRetention(this.#db, options);
      this.#writer = new SqliteWriter(this.#db, readHead(this.#db));
      this.reader = new SqliteReader(this.#db);
      this.#walPages = this.#db.prepare("PRAGMA wal_checkpoint(NOOP)");
      this.#checkpoint = this.#db.prepare("PRAGMA wal_checkpoint(PASSIVE)");
    } catch (error) {
      this.#db.close();
      this.#lock?.close();
      throw error;
    }
  }
  get head() {
    return this.#writer.head;
  }
  get floor() {
    return this.#retention.floor;
  }
  /** Writes a group in one transaction. `StorageUnavailable`: nothing was written; any other error is fatal. */
  commit(changes, now) {
    if (this.#fatal !== void 0) throw this.#fatal;
    const before = this.#writer.mark();
    try {
      const result = transaction(this.#db, () => this.#write(changes));
      this.#lock?.recordNowAndThen(this.epoch, this.head, now);
      return result;
    } catch (error) {
      this.#writer.reset(before);
      if (!(error instanceof StorageUnavailable)) this.#fatal = error;
      throw error;
    }
  }
  /** Throws what `commit` would throw. */
  probe(now) {
    transaction(this.#db, () => writeMeta(this.#db, "probed_at", now));
  }
  /** Forgets a slice of the past. True if there is more to forget at once. */
  retain(now) {
    try {
      const events = this.#retention.events(this.head);
      return this.#retention.approvals(now) || events;
    } catch (error) {
      if (error instanceof StorageUnavailable) return false;
      throw error;
    }
  }
  /**
   * Brings a write-ahead log that has grown into the file. SQLite would do it in a COMMIT, whose answer would wait for
   * two fsyncs more, and would keep an I/O error to itself; the next one could then drop pages that are nowhere else.
   */
  checkpoint() {
    const { log, checkpointed } = this.#walPages.get();
    if (log - checkpointed < CHECKPOINT_PAGES) return;
    try {
      this.#checkpoint.get();
    } catch (error) {
      const cause = classify(error, true);
      if (cause instanceof StorageUnavailable) return;
      this.#fatal = cause;
      throw cause;
    }
  }
  close() {
    this.#lock?.record(this.epoch, this.head);
    this.#db.close();
    this.#lock?.close();
  }
  #write(changes) {
    const first = this.head + 1;
    const conflicts = /* @__PURE__ */ new Map();
    changes.forEach((change, index) => {
      const conflict = this.#writer.write(change, this.floor);
      if (conflict !== void 0) conflicts.set(index, conflict);
    });
    return { first, conflicts };
  }
};

// src/journal/sqlite-messages.ts
var WIDTH = 17;
var SAME = 0;
function encodeChanges(changes) {
  const values = [];
  for (const change of changes) {
    const { id, kind, agentId, timestamp, head, payload, entity } = change;
    values.push(id, kind, agentId, timestamp, head, payload);
    if (entity === null) {
      values.push(null, null, null, null, null, null, null, null, null, null, null);
      continue;
    }
    values.push(entity.type, entity.id, entity.expected, entity.state === payload ? SAME : entity.state);
    if (entity.type === "agent") values.push(null, null, null, null, null, null, null);
    else pushApproval(values, entity);
  }
  return values;
}
function pushApproval(values, approval) {
  const { status, createdAt, expiresAt, decidedBy, key } = approval;
  values.push(status, createdAt, expiresAt);
  values.push(decidedBy?.session_id ?? null, decidedBy?.principal ?? null);
  values.push(key?.id ?? null, key?.request ?? null);
}
function decodeChanges(values) {
  const changes = [];
  for (let at = 0; at < values.length; at += WIDTH) {
    const payload = values[at + 5];
    changes.push({
      id: values[at],
      kind: values[at + 1],
      agentId: values[at + 2],
      timestamp: values[at + 3],
      head: values[at + 4],
      payload,
      entity: decodeEntity(values, at + 6, payload)
    });
  }
  return changes;
}
function decodeEntity(values, at, payload) {
  const type = values[at];
  if (type === null) return null;
  const id = values[at + 1];
  const expected = values[at + 2];
  const state = values[at + 3] === SAME ? payload : values[at + 3];
  if (type === "agent") return { type, id, expected, state };
  const session = values[at + 7];
  const key = values[at + 9];
  return {
    type: "approval",
    id,
    expected,
    state,
    status: values[at + 4],
    // The log knows it.
    createdSeq: null,
    createdAt: values[at + 5],
    expiresAt: values[at + 6],
    decidedBy: session === null ? null : { session_id: session, principal: values[at + 8] },
    key: key === null ? null : { id: key, request: values[at + 10] }
  };
}

// src/journal/sqlite-boot.ts
import { DatabaseSync as DatabaseSync2 } from "node:sqlite";

// src/host/held-approval.ts
var REQUESTED_BY = '"requested_by":';
var DECIDED_BY = ',"decided_by":';
function requesterIn(state) {
  const start = state.lastIndexOf(REQUESTED_BY) + REQUESTED_BY.length;
  return state.slice(start, state.indexOf(DECIDED_BY, start));
}

// src/journal/sqlite-boot.ts
var NUMBERS = 8;
var [SLAB, START, ID_BYTES, BYTES, SEQ, CREATED_SEQ, EXPIRES_AT, REQUESTER] = [
  0,
  1,
  2,
  3,
  4,
  5,
  6,
  7
];
var SLAB_BYTES = 256 * 1024;
function readBoot(path) {
  const db = new DatabaseSync2(path, { readOnly: true, timeout: 5e3 });
  try {
    db.exec("BEGIN");
    const packer = new Packer();
    const statement = db.prepare(OPEN);
    statement.setReturnArrays(true);
    for (const row of statement.iterate()) packer.add(row);
    return { head: readHead(db), floor: readMeta(db, "floor"), ...packer.packed() };
  } finally {
    db.close();
  }
}
function memoryOf({ slabs, numbers }) {
  return [...slabs.map(({ buffer }) => buffer), numbers.buffer];
}
var Packer = class {
  #slabs = [];
  #requesters = /* @__PURE__ */ new Map();
  #numbers = new Float64Array(NUMBERS * 1024);
  #count = 0;
  #slab = Buffer.alloc(0);
  #used = 0;
  add([type, id, seq, createdSeq, expiresAt, state]) {
    this.#makeRoom(3 * (id.length + state.length));
    const start = this.#used;
    const idBytes = this.#slab.write(id, start);
    const bytes = this.#slab.write(state, start + idBytes);
    this.#used += idBytes + bytes;
    const requester = type === "approval" ? this.#requester(requesterIn(state)) : -1;
    const slab = this.#slabs.length - 1;
    const numbers = [slab, start, idBytes, bytes, seq, createdSeq, expiresAt ?? Number.NaN, requester];
    if (this.#count === this.#numbers.length) {
      const longer = new Float64Array(2 * this.#count);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers.set(numbers, this.#count);
    this.#count += NUMBERS;
  }
  packed() {
    return {
      slabs: this.#slabs,
      numbers: this.#numbers.slice(0, this.#count),
      requesters: [...this.#requesters.keys()]
    };
  }
  /** `bytes` is the most that a text can take. */
  #makeRoom(bytes) {
    if (this.#slabs.length > 0 && this.#used + bytes <= this.#slab.length) return;
    this.#slab = Buffer.from(new ArrayBuffer(Math.max(bytes, SLAB_BYTES)));
    this.#slabs.push(this.#slab);
    this.#used = 0;
  }
  #requester(requester) {
    const known = this.#requesters.get(requester);
    if (known !== void 0) return known;
    this.#requesters.set(requester, this.#requesters.size);
    return this.#requesters.size - 1;
  }
};
var COLUMNS = `open.seq, open.created_seq AS createdSeq, expires_at, coalesce(state, payload) FROM open`;
var EVENT2 = "CROSS JOIN events ON events.seq = open.seq";
var OPEN = `
  SELECT 'agent', substr(entity, 7), ${COLUMNS} INDEXED BY open_agents ${EVENT2} WHERE open.created_at IS NULL
  UNION ALL
  SELECT 'approval', substr(entity, 10), ${COLUMNS} INDEXED BY open_approvals ${EVENT2}
    WHERE open.created_at IS NOT NULL
  ORDER BY createdSeq`;

export {
  SqliteReader,
  IN_MEMORY,
  SqliteLog,
  encodeChanges,
  decodeChanges,
  requesterIn,
  NUMBERS,
  SLAB,
  START,
  ID_BYTES,
  BYTES,
  SEQ,
  CREATED_SEQ,
  EXPIRES_AT,
  REQUESTER,
  readBoot,
  memoryOf
};
