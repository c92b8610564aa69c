import { newestCreation } from './sqlite-created.js';
import { readMeta, writeMeta } from './sqlite-schema.js';
import { Statements } from './sqlite-statements.js';
/** Writes changes one by one, inside the transaction that its caller has begun. */
export class SqliteWriter {
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
        this.#insertEvent = db.prepare(`INSERT INTO events (seq, id, kind, agent_id, head, payload, state, approval_id, status, created_seq, created_at,
       decided_session, decided_principal, resolved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
        this.#deleteEvent = db.prepare('DELETE FROM events WHERE seq = ?');
        this.#selectOpen = db.prepare('SELECT seq, created_seq FROM open WHERE entity = ?');
        this.#insertOpen = db.prepare('INSERT OR IGNORE INTO open VALUES (?, ?, ?, ?, ?, ?)');
        this.#updateOpen = db.prepare('UPDATE open SET seq = ? WHERE entity = ?');
        this.#deleteOpen = db.prepare('DELETE FROM open WHERE entity = ?');
        this.#insertKey = db.prepare('INSERT OR IGNORE INTO keys VALUES (?, ?, ?)');
        this.#selectKey = db.prepare('SELECT approval_id, request FROM keys WHERE key = ?');
        this.#deleteKey = db.prepare('DELETE FROM keys WHERE key = ?');
        this.#clockRegressedMs = readMeta(db, 'clock_regressed_ms');
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
            return undefined;
        }
        const name = `${entity.type}:${entity.id}`;
        if (entity.expected === 0)
            return this.#create(name, change, entity);
        const open = this.#selectOpen.get(name);
        if (open?.seq !== entity.expected)
            return { conflict: 'version', version: open?.seq ?? 0 };
        const final = entity.type === 'approval' && entity.status !== 'pending' ? entity : null;
        const state = entity.state === change.payload ? null : entity.state;
        this.#insert(change, state, final === null ? null : { ...final, createdSeq: open.created_seq });
        if (isClosing(entity))
            this.#deleteOpen.run(name);
        else
            this.#updateOpen.run(this.head, name);
        if (open.seq <= floor)
            this.#deleteEvent.run(open.seq);
        return undefined;
    }
    /** Only what is new has no version. It is not looked up before: that it is not there yet is seen when it is put there. */
    #create(name, change, entity) {
        const taken = this.#claimKey(entity);
        if (taken !== undefined)
            return taken;
        const [createdAt, expiresAt] = entity.type === 'agent' ? [null, null] : [entity.createdAt, entity.expiresAt];
        const seq = this.head + 1;
        if (this.#insertOpen.run(name, seq, seq, change.agentId, createdAt, expiresAt).changes === 0) {
            if (entity.type === 'approval' && entity.key !== null)
                this.#deleteKey.run(entity.key.id);
            const { seq: version } = this.#selectOpen.get(name);
            return { conflict: 'version', version };
        }
        if (createdAt !== null)
            this.#watchClock(createdAt);
        this.#insert(change, entity.state === change.payload ? null : entity.state, null);
        return undefined;
    }
    #claimKey(entity) {
        if (entity.type === 'agent' || entity.key === null)
            return undefined;
        const { id, request } = entity.key;
        if (this.#insertKey.run(id, request, entity.id).changes === 1)
            return undefined;
        const held = this.#selectKey.get(id);
        return { conflict: 'key', approvalId: held.approval_id, request: held.request };
    }
    #insert(change, state, final) {
        const by = final?.decidedBy ?? null;
        this.#insertEvent.run(++this.head, change.id, change.kind, change.agentId, change.head, change.payload, state, final?.id ?? null, final?.status ?? null, final?.createdSeq ?? null, final?.createdAt ?? null, by?.session_id ?? null, 
        // A principal that is called like its session is found by the session's name already.
        by?.principal === by?.session_id ? null : (by?.principal ?? null), final === null ? null : change.timestamp);
    }
    /** Pages between two times rely on how far the order of creation is from the order of the clock. */
    #watchClock(createdAt) {
        const regressedMs = this.#latestCreation - createdAt;
        this.#latestCreation = Math.max(this.#latestCreation, createdAt);
        if (regressedMs <= this.#clockRegressedMs)
            return;
        this.#clockRegressedMs = regressedMs;
        writeMeta(this.#db, 'clock_regressed_ms', regressedMs);
    }
}
/** What it makes of the entity is not open. */
function isClosing(entity) {
    return entity.type === 'agent' ? entity.state === null : entity.status !== 'pending';
}
