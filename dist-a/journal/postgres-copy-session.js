import { migrate, versionOf } from './postgres-schema.js';
import { messageOf, Session } from './postgres-session.js';
import { targetOf } from './postgres-target.js';
/** Longer than any batch takes, and a network that is gone is noticed. */
const ASK_MS = 120_000;
/** To read all of a table, and to wait for a standby that is far behind. */
const LONG_MS = 600_000;
const LOCK_NOT_AVAILABLE = '55P03';
/** One connection for a copy, with one transaction. Throws sentences. */
export class CopySession {
    #target;
    #session;
    static async open(url) {
        const { schema, config } = targetOf(url);
        const target = { schema, config: { ...config, application_name: 'sallyport copy' } };
        try {
            return new CopySession(target, await Session.open(target));
        }
        catch (error) {
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
    async begin(mode = '') {
        await this.ask(`BEGIN ${mode}`);
        // For this transaction only, as there may be a pooler. A copy that is not on the disk is none.
        await this.ask(`SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;
      SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'`);
        try {
            await this.ask(`SELECT FROM ${this.schema}.log FOR UPDATE NOWAIT`);
        }
        catch (error) {
            if (error.code !== LOCK_NOT_AVAILABLE)
                throw error;
            throw new Error(`a service or another copy is writing the log in schema '${this.schema}'; stop it first`);
        }
    }
    ask(text, values = []) {
        return this.#session.ask(text, values, /^(SELECT|ANALYZE)/.test(text) ? LONG_MS : ASK_MS);
    }
    async commit() {
        try {
            await this.#session.ask('COMMIT', [], LONG_MS);
        }
        catch (error) {
            throw new Error(`the connection broke as the copy was committed (${messageOf(error)}); copy again: if the target is refused because there is something in it, the copy is complete`);
        }
    }
    end() {
        this.#session.end();
    }
}
