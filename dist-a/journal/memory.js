import { randomBytes } from 'node:crypto';
import { GroupCommit } from './group-commit.js';
import { cutApprovals, cutEvents } from './page.js';
import { approvalsCutoff, nextFloor } from './retention.js';
/** A log that is gone with the process: what tests run on, and the plainest reading of the port. */
export class MemoryJournal {
    epoch = randomBytes(4).toString('hex');
    logId = this.epoch;
    shared = null;
    #options;
    #group;
    #head = 0;
    #floor = 0;
    /** Events above the floor. */
    #events = [];
    /** `seq` of what is open. */
    #versions = new Map();
    /** In the order of creation. */
    #approvals = new Map();
    #keys = new Map();
    #retention;
    constructor(options) {
        this.#options = options;
        this.#group = new GroupCommit({ commit: async (changes) => this.#commit(changes) }, options);
    }
    now() {
        return (this.#options.now ?? Date.now)();
    }
    async boot() {
        return { head: this.#head, floor: this.#floor, open: [] };
    }
    tail(reader) {
        this.#group.tail(reader);
    }
    append(change) {
        return this.#group.append(change);
    }
    async events(query) {
        const found = this.#events.filter((event) => isWanted(event, query));
        if (query.order === 'desc')
            found.reverse();
        const events = found
            .slice(0, query.limit)
            .map(({ seq, kind, agentId, head, payload }) => ({ seq, kind, agentId, head, payload }));
        return { ...cutEvents(events, query.maxLength), floor: this.#floor };
    }
    async approval(id) {
        const kept = this.#approvals.get(id);
        return kept && stored(kept);
    }
    async approvalByKey(keyId) {
        return this.#keys.get(keyId);
    }
    async approvals(query) {
        const found = [...this.#approvals.values()].filter((approval) => isAsked(approval, query));
        if (query.order === 'desc')
            found.reverse();
        return cutApprovals(found.slice(0, query.limit).map(stored), query.maxLength);
    }
    problem() {
        return this.#group.problem();
    }
    async statistics() {
        const { commits, changes } = this.#group;
        return { commits, changes, bytes: 0 };
    }
    async close() {
        await this.#group.close();
        clearImmediate(this.#retention);
    }
    #commit(changes) {
        const first = this.#head + 1;
        const conflicts = new Map();
        changes.forEach((change, index) => {
            const conflict = change.entity === null ? undefined : this.#conflict(change.entity);
            if (conflict === undefined)
                this.#write(change);
            else
                conflicts.set(index, conflict);
        });
        this.#retention ??= setImmediate(() => this.#retain());
        return { first, conflicts };
    }
    #conflict(entity) {
        const key = entity.type === 'approval' ? entity.key : null;
        const held = key === null ? undefined : this.#keys.get(key.id);
        if (held !== undefined)
            return { conflict: 'key', ...held };
        const version = this.#versions.get(nameOf(entity)) ?? 0;
        return version === entity.expected ? undefined : { conflict: 'version', version };
    }
    #write(change) {
        this.#head += 1;
        this.#events.push({ ...change, seq: this.#head });
        const { entity, timestamp, agentId } = change;
        if (entity === null)
            return;
        const closes = entity.type === 'agent' ? entity.state === null : entity.status !== 'pending';
        if (closes)
            this.#versions.delete(nameOf(entity));
        else
            this.#versions.set(nameOf(entity), this.#head);
        if (entity.type === 'agent')
            return;
        if (entity.key !== null) {
            this.#keys.set(entity.key.id, { approvalId: entity.id, request: entity.key.request });
        }
        const createdSeq = this.#approvals.get(entity.id)?.createdSeq ?? this.#head;
        this.#approvals.set(entity.id, { ...entity, seq: this.#head, createdSeq, agentId, changedAt: timestamp });
    }
    #retain() {
        this.#retention = undefined;
        const floor = nextFloor(this.#head, this.#floor, this.#options.retainEvents);
        if (floor > this.#floor) {
            this.#events = this.#events.filter((event) => event.seq > floor);
            this.#floor = floor;
            this.#group.moveFloor(floor);
            this.#retention = setImmediate(() => this.#retain());
        }
        this.#forgetApprovals(approvalsCutoff(this.now(), this.#options.retainApprovalsDays));
    }
    #forgetApprovals(cutoff) {
        for (const { id, status, seq, changedAt } of this.#approvals.values()) {
            if (status === 'pending' || changedAt >= cutoff || seq > this.#floor)
                continue;
            this.#approvals.delete(id);
            for (const [key, { approvalId }] of this.#keys)
                if (approvalId === id)
                    this.#keys.delete(key);
        }
    }
}
function nameOf({ type, id }) {
    return `${type}:${id}`;
}
function stored({ id, seq, createdSeq, state }) {
    return { id, seq, createdSeq, state };
}
function isWanted({ seq, kind, agentId }, query) {
    const ofKind = (wanted) => wanted.endsWith('.*') ? kind.startsWith(wanted.slice(0, -1)) : kind === wanted;
    return (seq > query.after &&
        (query.before === null || seq < query.before) &&
        (query.agentId === null || agentId === query.agentId) &&
        (query.kinds.length === 0 || query.kinds.some(ofKind)));
}
function isAsked(approval, query) {
    const { status, agentId, decidedBy, createdAt, createdSeq } = approval;
    const by = status === 'pending' ? [] : [decidedBy?.session_id, decidedBy?.principal];
    return ((query.statuses.length === 0 || query.statuses.includes(status)) &&
        (query.agentId === null || agentId === query.agentId) &&
        (query.decidedBy === null || by.includes(query.decidedBy)) &&
        (query.createdAfter === null || createdAt > query.createdAfter) &&
        (query.createdBefore === null || createdAt < query.createdBefore) &&
        (query.from === null || (query.order === 'asc' ? createdSeq > query.from : createdSeq < query.from)));
}
