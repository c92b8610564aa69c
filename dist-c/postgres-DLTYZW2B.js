import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);
import {
  APPEND_COLUMNS,
  NOW_MS,
  Session,
  decodeWritten,
  encodeColumns,
  esm_default,
  isRefusal,
  messageOf,
  migrate,
  storable,
  targetOf,
  unavailable
} from "./chunk-KHRGLMQW.js";
import {
  LocalPresence,
  Locks,
  presenceKey
} from "./chunk-3NRMGOZN.js";
import {
  GroupCommit
} from "./chunk-FSVKVDGF.js";
import {
  APPROVALS_EVERY_MS,
  MAX_RETENTION_ROWS,
  approvalsCutoff,
  cutApprovals,
  cutEvents,
  nextFloor
} from "./chunk-LG2IJRYR.js";
import {
  OutcomeUnknown,
  StorageUnavailable
} from "./chunk-75OKU47O.js";
import "./chunk-VF57VZD3.js";

// src/journal/postgres.ts
import { hostname } from "node:os";

// src/journal/database-clock.ts
var DRIFT = 1e-3;
var DatabaseClock = class {
  #monotonic;
  #offset = 0;
  #errorMs = Number.POSITIVE_INFINITY;
  #heardAt = 0;
  constructor(monotonic = () => performance.now()) {
    this.#monotonic = monotonic;
  }
  /** By `monotonic`, when the last answer came. */
  get heardAt() {
    return this.#heardAt;
  }
  /** `now` is what the database said, in milliseconds since 1970; `askedAt` is by `monotonic`. */
  heard(now, askedAt) {
    const heardAt = this.#monotonic();
    const errorMs = (heardAt - askedAt) / 2;
    const errorSoFar = this.#errorMs + (heardAt - this.#heardAt) * DRIFT;
    this.#heardAt = heardAt;
    if (errorMs <= errorSoFar) {
      this.#offset = now - (askedAt + heardAt) / 2;
      this.#errorMs = errorMs;
    } else {
      this.#errorMs = errorSoFar;
    }
  }
  /** Milliseconds since 1970. */
  now() {
    return Math.round(this.#offset + this.#monotonic());
  }
};

// src/journal/shared-run.ts
var SharedRun = class {
  #run;
  #running;
  #next;
  constructor(run) {
    this.#run = run;
  }
  /** What a run that begins now, or later, comes to. */
  next() {
    if (this.#running === void 0 && this.#next === void 0) return this.#begin();
    this.#next ??= this.#running.then(
      () => this.#begin(),
      () => this.#begin()
    );
    return this.#next;
  }
  #begin() {
    this.#next = void 0;
    this.#running = this.#run().finally(() => {
      this.#running = void 0;
    });
    return this.#running;
  }
};

// src/journal/ordered-tail.ts
var OrderedTail = class {
  #options;
  #reader;
  #passed = 0;
  #lastId;
  #floor = 0;
  /** Groups of this process that have not passed, each without gaps. */
  #own = [];
  #waiting = /* @__PURE__ */ new Set();
  #reads = new SharedRun(() => this.#read());
  #isClosed = false;
  constructor(options) {
    this.#options = options;
  }
  /** `seq` of what has passed last, and its id if it is known. */
  get passed() {
    return { seq: this.#passed, id: this.#lastId };
  }
  /** Nothing up to here will pass. */
  startAfter(seq, floor) {
    this.#passed = seq;
    this.#floor = floor;
    this.#lastId = void 0;
  }
  follow(reader) {
    this.#reader = reader;
  }
  /** Passes `entries` on in their place. Resolves when everything up to `upTo` has passed; undefined: it has already. */
  pass(entries, upTo) {
    if (this.#reader === void 0) {
      this.#passed = Math.max(this.#passed, upTo);
      return void 0;
    }
    if (entries.length > 0) this.#own.push(entries);
    this.#deliver([]);
    if (upTo <= this.#passed) return void 0;
    this.catchUp().catch(() => {
    });
    return this.#wait(upTo);
  }
  /** Reads what there is; what was written before this was called has passed when it resolves. */
  catchUp() {
    return this.#reads.next();
  }
  /** Below what has not passed yet it is told of later, by what is read. */
  moveFloor(floor) {
    if (floor <= this.#floor || floor > this.#passed) return;
    this.#floor = floor;
    this.#reader?.floor(floor);
  }
  close() {
    this.#isClosed = true;
    for (const waiting of this.#waiting) this.#giveUp(waiting);
  }
  async #read() {
    let head;
    while (head === void 0 || this.#passed < head) {
      const page = await this.#options.read(this.#passed);
      if (this.#isClosed || this.#reader === void 0) return;
      if (page.floor > this.#passed) {
        const error = new Error(
          `the log went on without this node, and what came after ${this.#passed} is no longer kept`
        );
        this.#options.onFatal(error);
        throw error;
      }
      head ??= page.head;
      this.#deliverOrFail(page.entries);
      this.moveFloor(page.floor);
    }
  }
  #deliverOrFail(read) {
    try {
      this.#deliver(read);
    } catch (error) {
      this.#options.onFatal(error);
      throw error;
    }
  }
  #deliver(read) {
    const run = [];
    const add = (entries) => {
      for (const entry of entries) if (entry.seq === this.#passed + run.length + 1) run.push(entry);
    };
    for (const group of this.#own) {
      add(read.filter(({ seq }) => seq < group[0].seq));
      add(group);
    }
    add(read);
    if (run.length === 0) return;
    this.#passed += run.length;
    this.#lastId = run.at(-1)?.id;
    this.#own = this.#own.filter((group) => group.at(-1).seq > this.#passed);
    this.#reader?.entries(run);
    this.#wake();
  }
  #wait(upTo) {
    const passed = Promise.withResolvers();
    const timer = setTimeout(() => this.#giveUp(waiting), this.#options.withinMs);
    const waiting = { upTo, passed, timer };
    this.#waiting.add(waiting);
    return passed.promise;
  }
  #wake() {
    for (const waiting of this.#waiting) {
      if (waiting.upTo > this.#passed) continue;
      this.#waiting.delete(waiting);
      clearTimeout(waiting.timer);
      waiting.passed.resolve();
    }
  }
  #giveUp(waiting) {
    this.#waiting.delete(waiting);
    clearTimeout(waiting.timer);
    waiting.passed.reject(
      new OutcomeUnknown("what came before in the log cannot be read at the moment; read again later")
    );
  }
};

// src/journal/postgres-feed.ts
var SAFETY_POLL_MS = 500;
var SILENT_MS = 1500;
var LISTEN_MS = 2e3;
var Feed = class {
  #options;
  #session;
  #timer;
  #isListening = false;
  #problem = null;
  constructor(options) {
    this.#options = options;
  }
  start() {
    const everyMs = this.#options.pollMs ?? SAFETY_POLL_MS;
    this.#timer = setInterval(() => this.#tick(), everyMs);
    this.#tick();
  }
  /** Why the log cannot be followed, as a sentence; null when it can. */
  problem() {
    const silentMs = performance.now() - this.#options.heardAt();
    const silence = `the database has not answered for ${Math.round(silentMs)} ms`;
    return this.#problem ?? (this.#timer !== void 0 && silentMs > SILENT_MS ? silence : null);
  }
  stop() {
    clearInterval(this.#timer);
    this.#timer = void 0;
    this.#session?.end();
  }
  #tick() {
    if (this.#options.pollMs === null && !this.#isListening) void this.#listen();
    this.#read();
  }
  #read() {
    this.#options.catchUp().then(
      () => {
        this.#problem = null;
      },
      (error) => {
        this.#problem = error.message;
      }
    );
  }
  /** Listens first and reads then, so that nothing falls between. The next tick tries again. */
  async #listen() {
    const { target, writer } = this.#options;
    this.#isListening = true;
    try {
      const session = await Session.open(target, LISTEN_MS, () => {
        this.#isListening = false;
      });
      this.#session = session;
      session.onNotification((payload) => {
        if (!payload.startsWith(`${writer} `)) this.#read();
      });
      await session.ask(`LISTEN ${target.schema}`, [], LISTEN_MS);
      if (this.#timer === void 0) session.end();
      else this.#read();
    } catch (error) {
      this.#isListening = false;
      this.#problem = unavailable(error).message;
    }
  }
};

// src/journal/postgres-presence.ts
import { randomBytes } from "node:crypto";

// src/journal/other-nodes.ts
var LEASE_MS = 1e4;
var REWRITTEN_MS = 5e3;
var OtherNodes = class {
  #nodes = /* @__PURE__ */ new Map();
  #emptiedAt = Number.NEGATIVE_INFINITY;
  /** Which version of which node is here. */
  get known() {
    return {
      nodes: [...this.#nodes.keys()],
      versions: [...this.#nodes.values()].map(({ version }) => version)
    };
  }
  isConnected(key, now) {
    for (const { keys, heardAt } of this.#nodes.values()) {
      if (keys.has(key) && now - heardAt < LEASE_MS) return true;
    }
    return false;
  }
  /** The table has lost what was in it: who is missing there may only not have written again. */
  onEmptied(now) {
    this.#emptiedAt = now;
  }
  /** `rows`: of all nodes that live. `now`: when they were asked for. */
  update(rows, now) {
    const changed = /* @__PURE__ */ new Map();
    for (const { node, version, hasChanged, key } of rows) {
      const before = this.#nodes.get(node);
      if (!hasChanged && before !== void 0) {
        before.heardAt = now;
        continue;
      }
      const found = changed.get(node) ?? { version, keys: /* @__PURE__ */ new Set(), heardAt: now };
      changed.set(node, found);
      if (key !== null) found.keys.add(key);
    }
    for (const [node, { heardAt }] of this.#nodes) {
      const mayComeBack = now - this.#emptiedAt < REWRITTEN_MS && now - heardAt < LEASE_MS;
      if (heardAt !== now && !mayComeBack) this.#nodes.delete(node);
    }
    for (const [node, found] of changed) this.#nodes.set(node, found);
  }
};

// src/journal/postgres-presence-table.ts
var ASK_MS = 2e3;
var LEAVE_MS = 500;
var PresenceTable = class {
  #target;
  #live;
  #session;
  #opening;
  #isClosed = false;
  constructor(target) {
    this.#target = target;
    this.#live = `n.beat > clock_timestamp() - interval '${LEASE_MS} ms'`;
  }
  /**
   * The node lives, and has these sessions now; with no stream, they are gone. False: nothing is known of it there. With
   * `formers`, names that it had before, these are all its sessions; false: nothing was known of those names.
   */
  async attend({ node, name }, formers, sessions) {
    const { schema } = this.#target;
    const [row] = await this.#ask(
      `SELECT ${schema}.attend($1, $2, $3, $4, $5, $6, $7) AS there`,
      [
        node,
        name,
        formers,
        sessions.map(({ actor }) => actor.session_id),
        sessions.map(({ actor }) => actor.principal ?? ""),
        sessions.map(({ since }) => since),
        sessions.map(({ streams }) => streams)
      ]
    );
    return row?.there;
  }
  /** The other nodes that live, and the sessions of those of which `known` is another version. */
  async others(node, known) {
    const { schema } = this.#target;
    const rows = await this.#ask(
      `SELECT n.node, n.version, n.version IS DISTINCT FROM k.version AS "hasChanged", s.session_id, s.principal
       FROM ${schema}.nodes n LEFT JOIN unnest($2::text[], $3::bigint[]) k (node, version) ON k.node = n.node
       LEFT JOIN ${schema}.sessions s ON s.node = n.node AND n.version IS DISTINCT FROM k.version
       WHERE n.node <> $1 AND ${this.#live}`,
      [node, known.nodes, known.versions]
    );
    return rows.map(({ session_id, principal, ...of }) => ({
      ...of,
      key: session_id === null ? null : presenceKey({ session_id, principal: principal || null })
    }));
  }
  /** Those of `actors` that are connected, as keys. */
  async find(actors) {
    const { schema } = this.#target;
    const rows = await this.#ask(
      `SELECT g.place FROM unnest($1::text[], $2::text[]) WITH ORDINALITY g (session_id, principal, place)
       WHERE EXISTS (SELECT FROM ${schema}.sessions s JOIN ${schema}.nodes n ON n.node = s.node
         WHERE s.session_id = g.session_id AND s.principal = g.principal AND ${this.#live})`,
      [actors.map(({ session_id }) => session_id), actors.map(({ principal }) => principal ?? "")]
    );
    return new Set(rows.map(({ place }) => presenceKey(actors[place - 1])));
  }
  /** The sessions of all nodes but this one. */
  async all(node) {
    const { schema } = this.#target;
    const rows = await this.#ask(
      `SELECT s.session_id, s.principal, s.since, s.streams, n.name
       FROM ${schema}.sessions s JOIN ${schema}.nodes n ON n.node = s.node WHERE s.node <> $1 AND ${this.#live}`,
      [node]
    );
    return rows.map(({ session_id, principal, since, streams, name }) => ({
      session_id,
      principal: principal || null,
      connected_at: new Date(since).toISOString(),
      streams,
      node: name
    }));
  }
  /** The node is gone. Best done, but its beat ends in any case. */
  async leave(node) {
    const { schema } = this.#target;
    const sql = `WITH gone AS (DELETE FROM ${schema}.nodes WHERE node = $1) DELETE FROM ${schema}.sessions WHERE node = $1`;
    this.#isClosed = true;
    if (this.#session?.isOpen) await this.#session.ask(sql, [node], LEAVE_MS).catch(() => {
    });
    this.#session?.end();
  }
  async #ask(text, values) {
    try {
      const session = this.#session?.isOpen ? this.#session : await this.#open();
      return await session.ask(text, values, ASK_MS);
    } catch (error) {
      throw unavailable(error);
    }
  }
  #open() {
    if (this.#isClosed) return Promise.reject(new Error("this node is closed"));
    this.#opening ??= Session.open(this.#target).then((session) => {
      this.#session = session;
      if (this.#isClosed) session.end();
      return session;
    }).finally(() => {
      this.#opening = void 0;
    });
    return this.#opening;
  }
};

// src/journal/within.ts
async function within(ms, promise, sentence) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new StorageUnavailable(sentence)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

// src/journal/postgres-presence.ts
var BEAT_MS = 1e3;
var BEAT_SHARE = 0.1;
var KNOWN_MS = 3e3;
var FIND_MS = 4e3;
var FORMERS_MAX = 100;
var PostgresPresence = class {
  #local;
  #name;
  #table;
  #others = new OtherNodes();
  /** Sessions of this node that have changed since the table was written. */
  #changed = /* @__PURE__ */ new Map();
  /** Sessions of this node that the table has. */
  #known = /* @__PURE__ */ new Set();
  #writes = new SharedRun(() => this.#write());
  #lists = new SharedRun(() => this.#table.all(this.#node));
  #finds = new SharedRun(() => this.#table.find(this.#wanted.splice(0)));
  #wanted = [];
  /** This node's name in the table. After a failure it takes another, so that what still arrives of before is nobody's. */
  #node = newNode();
  #formers = [this.#node];
  #isIntroduced = false;
  /** Why the table cannot be written; null: it can. */
  #away = null;
  #timer;
  #isClosed = false;
  constructor(target, name) {
    this.#name = name;
    this.#local = new LocalPresence(name);
    this.#table = new PresenceTable(target);
  }
  get size() {
    return this.#local.size;
  }
  connect(actor, now) {
    this.#local.connect(actor, now);
    const writing = this.#note(actor);
    if (this.#known.has(presenceKey(actor))) return void 0;
    return this.#away === null ? within(KNOWN_MS, writing, "the other nodes cannot be told in time who is connected") : Promise.reject(new StorageUnavailable(this.#away));
  }
  disconnect(actor) {
    this.#local.disconnect(actor);
    if (!this.#local.isConnected(actor)) this.#known.delete(presenceKey(actor));
    void this.#note(actor);
  }
  isConnected(actor) {
    this.#start();
    return this.#local.isConnected(actor) || this.#others.isConnected(presenceKey(actor), performance.now());
  }
  find(actor) {
    this.#start();
    if (this.#local.isConnected(actor)) return true;
    if (this.#away !== null) return Promise.reject(new StorageUnavailable(this.#away));
    this.#wanted.push(actor);
    const found = this.#finds.next().then((keys) => keys.has(presenceKey(actor)));
    return within(FIND_MS, found, "the database does not say in time who is connected");
  }
  async list() {
    const others = await within(
      FIND_MS,
      this.#lists.next(),
      "the database does not say in time who is connected"
    );
    return [...await this.#local.list(), ...others].sort(
      (a, b) => a.connected_at < b.connected_at ? -1 : Number(a.connected_at > b.connected_at)
    );
  }
  async close() {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#table.leave(this.#node);
  }
  /** The table is to be written. */
  #note(actor) {
    this.#start();
    this.#changed.set(presenceKey(actor), actor);
    const writing = this.#writes.next();
    writing.catch(() => {
    });
    return writing;
  }
  /** With the first who asks: a node that nobody asks has nothing to say. */
  #start() {
    if (this.#timer === void 0 && !this.#isClosed) {
      this.#timer = setTimeout(() => void this.#beat(), 0);
    }
  }
  async #beat() {
    const startedAt = performance.now();
    try {
      await this.#writes.next();
      const rows = await this.#table.others(this.#node, this.#others.known);
      this.#others.update(rows, startedAt);
    } catch {
    }
    if (this.#isClosed) return;
    const tookMs = performance.now() - startedAt;
    this.#timer = setTimeout(() => void this.#beat(), Math.max(BEAT_MS, tookMs / BEAT_SHARE));
  }
  async #write() {
    try {
      const changes = [...this.#changed].map(([key, actor]) => this.#now(key, actor));
      this.#changed.clear();
      if (!(this.#isIntroduced && await this.#attend(null, changes))) await this.#introduce();
      this.#away = null;
    } catch (error) {
      this.#isIntroduced = false;
      this.#away = error.message;
      throw error;
    }
  }
  /** Writes everything, under a new name. */
  async #introduce() {
    this.#isIntroduced = false;
    this.#node = newNode();
    const wasThere = await this.#attend(this.#formers, this.#local.all());
    this.#formers = [this.#node];
    this.#isIntroduced = true;
    if (!wasThere) this.#others.onEmptied(performance.now());
  }
  async #attend(formers, sessions) {
    const node = this.#node;
    if (formers !== null) this.#formers = [...this.#formers, node].slice(-FORMERS_MAX);
    const isThere = await this.#table.attend({ node, name: this.#name }, formers, sessions);
    if (isThere || formers !== null) {
      for (const { actor, streams } of sessions) {
        if (streams > 0 && this.#local.isConnected(actor)) this.#known.add(presenceKey(actor));
      }
    }
    return isThere;
  }
  #now(key, actor) {
    return this.#local.get(key) ?? { actor, since: 0, streams: 0 };
  }
};
function newNode() {
  return randomBytes(8).toString("hex");
}

// src/journal/postgres-approvals.ts
var FINAL_STATUSES = ["resolved", "expired", "cancelled"];
var ALL_STATUSES = ["pending", ...FINAL_STATUSES];
var BYTES_PER_CHARACTER = 3;
function approvalsQuery(schema, query) {
  const order = query.order === "asc" ? "ASC" : "DESC";
  const values = [
    query.from,
    query.createdAfter,
    query.createdBefore,
    query.limit,
    query.agentId,
    query.decidedBy === null ? null : storable(query.decidedBy),
    query.maxLength === void 0 ? null : BYTES_PER_CHARACTER * query.maxLength
  ];
  const statuses = query.statuses.length === 0 ? ALL_STATUSES : query.statuses;
  const branches = FINAL_STATUSES.filter((status) => statuses.includes(status)).flatMap(
    (status) => finalBranches(schema, query, status)
  );
  if (statuses.includes("pending") && query.decidedBy === null) branches.push(pendingBranch(schema, query));
  if (branches.length === 0) return null;
  const page = `ORDER BY created_seq ${order} LIMIT $4`;
  const rows = branches.map((branch) => `(${branch} ${page})`).join(" UNION ALL ");
  const text = `
    WITH asked AS (
      SELECT $1::bigint AS page_from, $2::bigint AS after, $3::bigint AS before, $5::text AS agent, $6::text AS decider
    ), bounds AS MATERIALIZED (${boundsSql(schema, query)})
    SELECT id, seq, created_seq AS "createdSeq", state FROM (
      SELECT rows.*, sum(octet_length(state))
        OVER (ORDER BY created_seq ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
      FROM bounds CROSS JOIN LATERAL (${rows}) rows ${page}
    ) sized WHERE $7::bigint IS NULL OR coalesce(bytes_before, 0) < $7 ORDER BY created_seq ${order}`;
  return { text, values };
}
function boundsSql(schema, { order, createdAfter, createdBefore }) {
  const [finals, open] = [`${schema}.events WHERE approval_id IS NOT NULL`, `${schema}.open WHERE true`];
  const low = order === "asc" ? ["page_from"] : [];
  const high = order === "desc" ? ["page_from"] : [];
  for (const table of [finals, open]) {
    const select = `SELECT created_seq FROM ${table} AND`;
    if (createdAfter !== null) {
      low.push(`(${select} created_at <= after - clock_regressed_ms ORDER BY created_at DESC LIMIT 1)`);
    }
    if (createdBefore !== null) {
      high.push(`(${select} created_at >= before + clock_regressed_ms ORDER BY created_at LIMIT 1)`);
    }
  }
  return `SELECT asked.*, greatest(0, ${[...low, "NULL"].join(", ")}) AS low,
      least(${Number.MAX_SAFE_INTEGER}, ${[...high, "NULL"].join(", ")}) AS high
    FROM asked CROSS JOIN ${schema}.log`;
}
function finalBranches(schema, { agentId, decidedBy, ...query }, status) {
  const ofAgent = agentId === null ? "" : "AND agent_id = agent";
  const branch = (ofDecider) => `SELECT approval_id AS id, seq, created_seq, coalesce(state, payload) AS state FROM ${schema}.events
     WHERE approval_id IS NOT NULL AND status = '${status}' ${ofAgent} ${ofDecider} ${betweenSql("events", query)}`;
  if (decidedBy === null) return [branch("")];
  return ["session", "principal"].map((decider) => branch(`AND decided_${decider} = decider`));
}
function pendingBranch(schema, { agentId, ...query }) {
  const ofAgent = agentId === null ? "" : "AND o.agent_id = agent";
  return `SELECT substr(o.entity, 10) AS id, o.seq, o.created_seq, coalesce(e.state, e.payload) AS state
    FROM ${schema}.open o JOIN ${schema}.events e ON e.seq = o.seq
    WHERE o.created_at IS NOT NULL ${ofAgent} ${betweenSql("o", query)}`;
}
function betweenSql(table, { createdAfter, createdBefore }) {
  return `AND ${table}.created_seq > low AND ${table}.created_seq < high
    ${createdAfter === null ? "" : `AND ${table}.created_at > after`}
    ${createdBefore === null ? "" : `AND ${table}.created_at < before`}`;
}

// src/journal/postgres-entries.ts
var LOG_PAGE = 1e3;
var LOG_PAGE_BYTES = 16 * 1024 * 1024;
function logQuery(schema, after) {
  const text = `SELECT log.seq AS head, log.floor, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now, e.*
    FROM ${schema}.log LEFT JOIN LATERAL (
      SELECT * FROM (
        SELECT seq, id, kind, agent_id, at, entity, expected, status, created_seq, created_at, expires_at,
          decided_session, decided_principal, events.head AS event_head, payload, state,
          sum(octet_length(events.head) + octet_length(payload) + coalesce(octet_length(state), 0))
            OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
        FROM (SELECT * FROM ${schema}.events WHERE seq > $1 ORDER BY seq LIMIT ${LOG_PAGE}) events
      ) sized WHERE coalesce(bytes_before, 0) < ${LOG_PAGE_BYTES}
    ) e ON true ORDER BY e.seq`;
  return { text, values: [after] };
}
function toEntry(row) {
  if (row.seq === null) return [];
  const { seq, id, kind, agent_id: agentId, at: timestamp, event_head: head, payload } = row;
  return [{ seq, id, kind, agentId, timestamp, head, payload, entity: toEntity(row, row.seq) }];
}
function toEntity(row, seq) {
  const { entity, expected, status, payload } = row;
  if (entity === null) return null;
  const colon = entity.indexOf(":");
  const id = entity.slice(colon + 1);
  const state = row.state ?? payload;
  if (entity.startsWith("agent:")) {
    return { type: "agent", id, expected, state: status === "gone" ? null : state };
  }
  const session = row.decided_session;
  return {
    type: "approval",
    id,
    expected,
    state,
    status,
    createdSeq: row.created_seq === seq ? null : row.created_seq,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    decidedBy: session === null ? null : { session_id: session, principal: row.decided_principal },
    key: null
  };
}

// src/journal/postgres-events.ts
var BYTES_PER_CHARACTER2 = 3;
function eventsQuery(schema, query) {
  const { after, before, limit, kinds, agentId, maxLength } = query;
  const order = query.order === "asc" ? "ASC" : "DESC";
  const values = [after, before ?? Number.MAX_SAFE_INTEGER, limit];
  const parameter = (value) => `$${values.push(value)}`;
  const range = "seq > greatest($1, log.floor) AND seq < $2";
  const page = `ORDER BY seq ${order} LIMIT $3`;
  let seqs = `SELECT seq FROM ${schema}.events WHERE ${range} ${page}`;
  if (agentId !== null) {
    const ofKind = kinds.length === 0 ? "" : `AND kind IN (SELECT ${schema}.kinds_of(${parameter(kinds)}))`;
    seqs = `SELECT seq FROM ${schema}.events WHERE agent_id = ${parameter(agentId)} AND ${range} ${ofKind} ${page}`;
  } else if (kinds.length > 0) {
    seqs = `SELECT found.seq FROM ${schema}.kinds_of(${parameter(kinds)}) wanted (kind) CROSS JOIN LATERAL (
        SELECT seq FROM ${schema}.events e WHERE e.kind = wanted.kind AND ${range} ${page}
      ) found ${page}`;
  }
  const maxBytes = parameter(maxLength === void 0 ? null : BYTES_PER_CHARACTER2 * maxLength);
  const text = `SELECT log.floor, page.* FROM ${schema}.log LEFT JOIN LATERAL (
      SELECT seq, kind, agent_id AS "agentId", head, payload FROM (
        SELECT events.*, sum(octet_length(head) + octet_length(payload))
          OVER (ORDER BY seq ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
        FROM (${seqs}) wanted JOIN ${schema}.events USING (seq)
      ) sized WHERE ${maxBytes}::bigint IS NULL OR coalesce(bytes_before, 0) < ${maxBytes}
    ) page ON true ORDER BY page.seq ${order}`;
  return { text, values };
}

// src/journal/postgres-reader.ts
var MAX_READS = 2e4;
var CONNECTIONS = 4;
var READ_MS = 3e3;
var BOOT_MS = 12e4;
var PostgresReader = class {
  #schema;
  #heard;
  #pool;
  /** `heard`: what the database's clock said to what was asked when. */
  constructor(target, heard) {
    this.#schema = target.schema;
    this.#heard = heard;
    this.#pool = new esm_default.Pool({ ...target.config, max: CONNECTIONS, query_timeout: READ_MS });
    this.#pool.on("error", () => {
    });
  }
  /** The log after `after`, or the beginning of it. */
  async log(after) {
    const askedAt = performance.now();
    const rows = await this.#all(logQuery(this.#schema, after));
    const { head, floor, now } = rows[0];
    this.#heard(now, askedAt);
    return { head, floor, entries: rows.flatMap(toEntry) };
  }
  async boot() {
    const text = bootSql(this.#schema);
    const rows = await this.#all({ text, values: [] }, BOOT_MS);
    const { head, floor } = rows[0];
    return { head, floor, open: openOf(rows) };
  }
  async events(query) {
    const rows = await this.#all(eventsQuery(this.#schema, query));
    const { floor } = rows[0];
    const events = rows.filter(({ seq }) => seq !== null).map(({ seq, kind, agentId, head, payload }) => ({ seq, kind, agentId, head, payload }));
    return { ...cutEvents(events, query.maxLength), floor };
  }
  async approval(id) {
    return this.#one(
      `SELECT substr(o.entity, 10) AS id, o.seq, o.created_seq AS "createdSeq", coalesce(e.state, e.payload) AS state
       FROM ${this.#schema}.open o JOIN ${this.#schema}.events e ON e.seq = o.seq WHERE o.entity = 'approval:' || $1
       UNION ALL
       SELECT approval_id, seq, created_seq, coalesce(state, payload)
       FROM ${this.#schema}.events WHERE approval_id = $1`,
      id
    );
  }
  async approvalByKey(keyId) {
    return this.#one(
      `SELECT approval_id AS "approvalId", request FROM ${this.#schema}.keys WHERE key = $1`,
      keyId
    );
  }
  async approvals(query) {
    const asked = approvalsQuery(this.#schema, query);
    if (asked === null) return [];
    const rows = await this.#all(asked);
    return cutApprovals(rows, query.maxLength);
  }
  /** What the log takes on the database's disk. */
  async bytes() {
    const sizes = ["events", "open", "keys"].map(
      (table) => `pg_total_relation_size('${this.#schema}.${table}')`
    );
    const [row] = await this.#all({
      text: `SELECT ${sizes.join(" + ")} AS bytes`,
      values: []
    });
    return row?.bytes;
  }
  /** `{floor, more}` after a slice of the past was forgotten. */
  async retain(values) {
    const text = `SELECT ${this.#schema}.retain($1, $2, $3, $4) AS answer`;
    const [row] = await this.#all({
      text,
      values: [...values]
    });
    return row?.answer;
  }
  /** Waits for nobody: what still runs here has nobody who waits for it. */
  close() {
    if (!this.#pool.ending) void this.#pool.end();
  }
  async #one(text, value) {
    return (await this.#all({ text, values: [value] }))[0];
  }
  async #all({ text, values }, withinMs = READ_MS) {
    if (this.#pool.waitingCount >= MAX_READS) {
      throw new StorageUnavailable(`${MAX_READS} reads wait for the log already`);
    }
    try {
      const query = { text, values, query_timeout: withinMs };
      return (await this.#pool.query(query)).rows;
    } catch (error) {
      throw unavailable(error);
    }
  }
};
function* openOf(rows) {
  for (const { type, id, seq, createdSeq, expiresAt, state } of rows) {
    if (type !== null) yield { type, id, seq, createdSeq, expiresAt, state };
  }
}
function bootSql(schema) {
  return `SELECT log.seq AS head, log.floor, o.* FROM ${schema}.log LEFT JOIN (
      SELECT CASE WHEN open.created_at IS NULL THEN 'agent' ELSE 'approval' END AS type,
        substr(open.entity, CASE WHEN open.created_at IS NULL THEN 7 ELSE 10 END) AS id, open.seq,
        open.created_seq AS "createdSeq", open.expires_at AS "expiresAt", coalesce(e.state, e.payload) AS state
      FROM ${schema}.open JOIN ${schema}.events e ON e.seq = open.seq
    ) o ON true ORDER BY o."createdSeq"`;
}

// src/journal/postgres-retention.ts
var SharedRetention = class {
  #options;
  #head = 0;
  #floor = 0;
  #approvalsAt = Number.NEGATIVE_INFINITY;
  #running;
  constructor(options) {
    this.#options = options;
  }
  /** How far the log is. Forgets what is due, in the background. */
  look(head, floor) {
    this.#head = Math.max(this.#head, head);
    this.#floor = Math.max(this.#floor, floor);
    if (this.#running !== void 0 || !(this.#eventsAreDue || this.#approvalsAreDue)) return;
    this.#running = this.#run().catch(() => {
    }).finally(() => {
      this.#running = void 0;
    });
  }
  /** What runs has ended. */
  async idle() {
    await this.#running;
  }
  get #next() {
    return nextFloor(this.#head, this.#floor, this.#options.retainEvents);
  }
  get #eventsAreDue() {
    return this.#next > this.#floor;
  }
  get #approvalsAreDue() {
    return Math.abs(this.#options.now() - this.#approvalsAt) >= APPROVALS_EVERY_MS;
  }
  async #run() {
    while (this.#eventsAreDue || this.#approvalsAreDue) {
      const now = this.#options.now();
      const cutoff = this.#approvalsAreDue ? approvalsCutoff(now, this.#options.retainApprovalsDays) : null;
      const { floor, more } = await this.#options.retain([
        this.#floor,
        this.#next,
        cutoff,
        MAX_RETENTION_ROWS
      ]);
      this.#floor = floor;
      if (cutoff !== null && !more) this.#approvalsAt = now;
      this.#options.moved(floor);
    }
  }
};

// src/journal/postgres-writer.ts
import { randomBytes as randomBytes2 } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
var COMMIT_MS = 3e3;
var TRY_MS = 300;
var BACK_OFF_MS = 50;
var BACK_OFF_MAX_MS = 400;
var TURN = "the connection";
var PostgresWriter = class {
  /** Its name among all who write this log. */
  id = randomBytes2(8).toString("hex");
  #options;
  #append;
  #settle;
  /** Of the group that was sent last. */
  #number = 0;
  #session;
  /** Why there is no connection, when trying has not helped. */
  #away = null;
  #turns = new Locks();
  constructor(options) {
    this.#options = options;
    const { schema } = options.target;
    const arrays = APPEND_COLUMNS.map(([, type], index) => `$${index + 3}::${type}[]`).join(", ");
    this.#append = `SELECT ${schema}.append($1, $2, ${arrays}) AS answer, ${NOW_MS} AS now`;
    this.#settle = `SELECT ${schema}.settle($1, $2, $3, $4) AS answer, ${NOW_MS} AS now`;
  }
  /** Throws if it cannot. */
  async connect() {
    await this.#attach(performance.now() + COMMIT_MS);
  }
  async commit(changes) {
    if (this.#away !== null) throw new StorageUnavailable(this.#away);
    const deadline = performance.now() + COMMIT_MS;
    const columns = encodeColumns(changes);
    const answer = await this.#inTurn(() => this.#send(columns, deadline));
    const result = decodeWritten(answer);
    this.#options.written(answer.first - 1 + changes.length - result.conflicts.size, answer.floor);
    return result;
  }
  /** Resolves if a commit would work: it writes nothing but the head row. */
  async probe() {
    await this.#inTurn(async () => {
      if (this.#away !== null) await this.#reattach();
      await this.#send(encodeColumns([]), performance.now() + COMMIT_MS);
    });
  }
  close() {
    this.#away = "the log is closed";
    this.#session?.end();
  }
  /** One after the other. The next is sent before anybody hears of this one, so that the database has no time off. */
  async #inTurn(run) {
    await this.#turns.take(TURN);
    try {
      return await run();
    } finally {
      this.#turns.release(TURN);
    }
  }
  async #send(columns, deadline) {
    if (this.#away !== null) throw new StorageUnavailable(this.#away);
    if (!this.#session?.isOpen) await this.#attachBefore(deadline);
    let answer = null;
    while (answer === null) {
      this.#number += 1;
      try {
        answer = await this.#ask(this.#append, [this.id, this.#number, ...columns], deadline);
      } catch (error) {
        if (isRefusal(error)) {
          throw new StorageUnavailable(`the database refuses to write: ${error.message}`);
        }
        answer = await this.#fate(deadline);
      }
    }
    return answer;
  }
  /** What became of the group that was sent last. Null: it is not in the log and never will be. */
  async #fate(deadline) {
    this.#session?.end();
    try {
      return await this.#attachBefore(deadline);
    } catch (error) {
      throw new OutcomeUnknown(messageOf(error));
    }
  }
  /** Connects as often as time allows. */
  async #attachBefore(deadline) {
    let backOffMs = BACK_OFF_MS;
    let answer;
    while (answer === void 0) {
      try {
        answer = await this.#attach(deadline);
      } catch (error) {
        if (performance.now() + backOffMs + TRY_MS > deadline) {
          const failure = unavailable(error);
          this.#away = failure.message;
          throw failure;
        }
        await sleep(backOffMs);
        backOffMs = Math.min(2 * backOffMs, BACK_OFF_MAX_MS);
      }
    }
    return answer;
  }
  async #reattach() {
    try {
      await this.#attach(performance.now() + COMMIT_MS);
    } catch (error) {
      throw unavailable(error);
    }
    this.#away = null;
  }
  /** Connects, and settles the group that was sent last: its answer, if it is in the log. */
  async #attach(deadline) {
    this.#session?.end();
    this.#session = await Session.open(this.#options.target, deadline - performance.now());
    const passed = this.#options.passed();
    const values = [this.id, this.#number, passed.seq, randomBytes2(4).toString("hex")];
    const greeting = await this.#ask(this.#settle, values, deadline);
    this.#options.greeted(greeting, passed);
    return greeting.answer;
  }
  async #ask(text, values, deadline) {
    const askedAt = performance.now();
    const session = this.#session;
    const [row] = await session.ask(text, values, deadline - askedAt);
    this.#options.heard(row?.now, askedAt);
    return row?.answer;
  }
};

// src/journal/postgres.ts
var PASS_MS = 1e3;
var CATCH_UP_MS = 4e3;
async function openPostgres(url, options) {
  const target = targetOf(url);
  try {
    await migrate(target);
  } catch (error) {
    throw new Error(messageOf(error));
  }
  const journal = new PostgresJournal(target, options);
  try {
    await journal.open();
  } catch (error) {
    await journal.close();
    throw error;
  }
  return journal;
}
var PostgresJournal = class {
  #clock = new DatabaseClock();
  #reader;
  #writer;
  #tail;
  #retention;
  #feed;
  #group;
  #presence;
  shared;
  #epoch = "";
  #logId = "";
  constructor(target, options) {
    const heard = (now, askedAt) => this.#clock.heard(now, askedAt);
    const onFatal = (error) => this.#group.fail(error);
    this.#reader = new PostgresReader(target, heard);
    this.#tail = new OrderedTail({ read: (after) => this.#read(after), withinMs: PASS_MS, onFatal });
    this.#writer = new PostgresWriter({
      target,
      heard,
      passed: () => this.#tail.passed,
      greeted: (greeting, passed) => this.#greeted(greeting, passed),
      written: (head, floor) => this.#retention.look(head, floor)
    });
    const { retainEvents, retainApprovalsDays, pollMs = null } = options;
    this.#retention = new SharedRetention({
      retainEvents,
      retainApprovalsDays,
      now: () => (options.now ?? (() => this.now()))(),
      retain: (values) => this.#reader.retain(values),
      moved: (floor) => this.#tail.moveFloor(floor)
    });
    this.#presence = new PostgresPresence(target, options.node ?? hostname());
    this.shared = {
      catchUp: () => within(CATCH_UP_MS, this.#tail.catchUp(), "what other nodes have written cannot be read in time"),
      presence: this.#presence
    };
    this.#feed = new Feed({
      target,
      writer: this.#writer.id,
      pollMs,
      catchUp: () => this.#tail.catchUp(),
      heardAt: () => this.#clock.heardAt
    });
    this.#group = new GroupCommit(
      {
        commit: (changes) => this.#writer.commit(changes),
        probe: () => this.#writer.probe(),
        pass: (entries, upTo) => this.#tail.pass(entries, upTo)
      },
      options
    );
    options.report?.(
      pollMs === null ? "the log in PostgreSQL is followed by LISTEN" : `the log in PostgreSQL is followed by reading it every ${pollMs} ms, without LISTEN`
    );
  }
  get epoch() {
    return this.#epoch;
  }
  get logId() {
    return this.#logId;
  }
  async open() {
    await this.#writer.connect();
    const { head, floor } = await this.#reader.log(Number.MAX_SAFE_INTEGER);
    this.#tail.startAfter(head, floor);
  }
  now() {
    return this.#clock.now();
  }
  async boot() {
    const boot = await this.#reader.boot();
    this.#tail.startAfter(boot.head, boot.floor);
    return boot;
  }
  tail(reader) {
    this.#tail.follow(reader);
    this.#feed.start();
  }
  append(change) {
    return this.#group.append(change);
  }
  events(query) {
    return this.#reader.events(query);
  }
  approval(id) {
    return this.#reader.approval(id);
  }
  approvalByKey(keyId) {
    return this.#reader.approvalByKey(keyId);
  }
  approvals(query) {
    return this.#reader.approvals(query);
  }
  problem() {
    return this.#group.problem() ?? this.#feed.problem();
  }
  async statistics() {
    const { commits, changes } = this.#group;
    return { commits, changes, bytes: await this.#reader.bytes() };
  }
  async close() {
    await this.#group.close();
    await this.#presence.close();
    this.#feed.stop();
    this.#tail.close();
    await this.#retention.idle();
    this.#writer.close();
    this.#reader.close();
  }
  async #read(after) {
    const page = await this.#reader.log(after);
    this.#retention.look(page.head, page.floor);
    return page;
  }
  /** A log that has not got what has passed here is another one, and the state of this node is not its state. */
  #greeted({ log, epoch, head, id }, { seq, id: known }) {
    if (head < seq || id !== null && known !== void 0 && id !== known) {
      const error = new Error(
        `the log in PostgreSQL has not got what this node knows of it up to ${seq}: it is another one`
      );
      this.#group.fail(error);
      throw error;
    }
    this.#epoch = epoch;
    this.#logId = log;
  }
};
export {
  openPostgres
};
