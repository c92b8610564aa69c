import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OutcomeUnknown, StorageUnavailable } from '../host/journal.js';
import { Locks } from '../host/locks.js';
import { decodeWritten, encodeColumns } from './postgres-encode.js';
import { APPEND_COLUMNS, NOW_MS } from './postgres-functions.js';
import { isRefusal, messageOf, Session, unavailable } from './postgres-session.js';
/** Whoever appends is answered within this, and a little more for reading what others wrote before. */
export const COMMIT_MS = 3000;
/** A try to connect that had less time than this says nothing about the database. */
const TRY_MS = 300;
const BACK_OFF_MS = 50;
const BACK_OFF_MAX_MS = 400;
const TURN = 'the connection';
/** Writes groups, one after the other, on one connection; finds out what became of one whose answer was lost. */
export class PostgresWriter {
    /** Its name among all who write this log. */
    id = randomBytes(8).toString('hex');
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
        const arrays = APPEND_COLUMNS.map(([, type], index) => `$${index + 3}::${type}[]`).join(', ');
        this.#append = `SELECT ${schema}.append($1, $2, ${arrays}) AS answer, ${NOW_MS} AS now`;
        this.#settle = `SELECT ${schema}.settle($1, $2, $3, $4) AS answer, ${NOW_MS} AS now`;
    }
    /** Throws if it cannot. */
    async connect() {
        await this.#attach(performance.now() + COMMIT_MS);
    }
    async commit(changes) {
        // Not behind a probe that waits for the database.
        if (this.#away !== null)
            throw new StorageUnavailable(this.#away);
        const deadline = performance.now() + COMMIT_MS;
        // Now, while the database is busy with the group before.
        const columns = encodeColumns(changes);
        const answer = await this.#inTurn(() => this.#send(columns, deadline));
        const result = decodeWritten(answer);
        this.#options.written(answer.first - 1 + changes.length - result.conflicts.size, answer.floor);
        return result;
    }
    /** Resolves if a commit would work: it writes nothing but the head row. */
    async probe() {
        await this.#inTurn(async () => {
            if (this.#away !== null)
                await this.#reattach();
            await this.#send(encodeColumns([]), performance.now() + COMMIT_MS);
        });
    }
    close() {
        this.#away = 'the log is closed';
        this.#session?.end();
    }
    /** One after the other. The next is sent before anybody hears of this one, so that the database has no time off. */
    async #inTurn(run) {
        await this.#turns.take(TURN);
        try {
            return await run();
        }
        finally {
            this.#turns.release(TURN);
        }
    }
    async #send(columns, deadline) {
        if (this.#away !== null)
            throw new StorageUnavailable(this.#away);
        if (!this.#session?.isOpen)
            await this.#attachBefore(deadline);
        let answer = null;
        while (answer === null) {
            this.#number += 1;
            try {
                answer = await this.#ask(this.#append, [this.id, this.#number, ...columns], deadline);
            }
            catch (error) {
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
        }
        catch (error) {
            throw new OutcomeUnknown(messageOf(error));
        }
    }
    /** Connects as often as time allows. */
    async #attachBefore(deadline) {
        let backOffMs = BACK_OFF_MS;
        let answer;
        while (answer === undefined) {
            try {
                answer = await this.#attach(deadline);
            }
            catch (error) {
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
        }
        catch (error) {
            throw unavailable(error);
        }
        this.#away = null;
    }
    /** Connects, and settles the group that was sent last: its answer, if it is in the log. */
    async #attach(deadline) {
        this.#session?.end();
        this.#session = await Session.open(this.#options.target, deadline - performance.now());
        const passed = this.#options.passed();
        const values = [this.id, this.#number, passed.seq, randomBytes(4).toString('hex')];
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
}
