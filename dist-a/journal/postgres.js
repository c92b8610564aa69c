import { hostname } from 'node:os';
import { DatabaseClock } from './database-clock.js';
import { GroupCommit } from './group-commit.js';
import { OrderedTail } from './ordered-tail.js';
import { Feed } from './postgres-feed.js';
import { PostgresPresence } from './postgres-presence.js';
import { PostgresReader } from './postgres-reader.js';
import { SharedRetention } from './postgres-retention.js';
import { migrate } from './postgres-schema.js';
import { messageOf } from './postgres-session.js';
import { targetOf } from './postgres-target.js';
import { PostgresWriter } from './postgres-writer.js';
import { within } from './within.js';
/** With the time that a commit may take, an append is answered within 4 s. */
const PASS_MS = 1000;
/** Whoever asks for what is new is answered within this. */
const CATCH_UP_MS = 4000;
/** Opens or makes the log at `url`, which other nodes may have open too. Throws one sentence if it cannot be had. */
export async function openPostgres(url, options) {
    const target = targetOf(url);
    try {
        await migrate(target);
    }
    catch (error) {
        throw new Error(messageOf(error));
    }
    const journal = new PostgresJournal(target, options);
    try {
        await journal.open();
    }
    catch (error) {
        await journal.close();
        throw error;
    }
    return journal;
}
class PostgresJournal {
    #clock = new DatabaseClock();
    #reader;
    #writer;
    #tail;
    #retention;
    #feed;
    #group;
    #presence;
    shared;
    #epoch = '';
    #logId = '';
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
            written: (head, floor) => this.#retention.look(head, floor),
        });
        const { retainEvents, retainApprovalsDays, pollMs = null } = options;
        this.#retention = new SharedRetention({
            retainEvents,
            retainApprovalsDays,
            now: () => (options.now ?? (() => this.now()))(),
            retain: (values) => this.#reader.retain(values),
            moved: (floor) => this.#tail.moveFloor(floor),
        });
        this.#presence = new PostgresPresence(target, options.node ?? hostname());
        this.shared = {
            catchUp: () => within(CATCH_UP_MS, this.#tail.catchUp(), 'what other nodes have written cannot be read in time'),
            presence: this.#presence,
        };
        this.#feed = new Feed({
            target,
            writer: this.#writer.id,
            pollMs,
            catchUp: () => this.#tail.catchUp(),
            heardAt: () => this.#clock.heardAt,
        });
        this.#group = new GroupCommit({
            commit: (changes) => this.#writer.commit(changes),
            probe: () => this.#writer.probe(),
            pass: (entries, upTo) => this.#tail.pass(entries, upTo),
        }, options);
        options.report?.(pollMs === null
            ? 'the log in PostgreSQL is followed by LISTEN'
            : `the log in PostgreSQL is followed by reading it every ${pollMs} ms, without LISTEN`);
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
        if (head < seq || (id !== null && known !== undefined && id !== known)) {
            const error = new Error(`the log in PostgreSQL has not got what this node knows of it up to ${seq}: it is another one`);
            this.#group.fail(error);
            throw error;
        }
        this.#epoch = epoch;
        this.#logId = log;
    }
}
