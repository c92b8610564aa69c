import { presenceKey } from '../host/presence.js';
import { LEASE_MS } from './other-nodes.js';
import { Session, unavailable } from './postgres-session.js';
/** An answer that takes longer is none. */
const ASK_MS = 2000;
const LEAVE_MS = 500;
/** What the nodes of a log tell each other about who is connected, on a connection of its own. */
export class PresenceTable {
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
        const [row] = await this.#ask(`SELECT ${schema}.attend($1, $2, $3, $4, $5, $6, $7) AS there`, [
            node,
            name,
            formers,
            sessions.map(({ actor }) => actor.session_id),
            sessions.map(({ actor }) => actor.principal ?? ''),
            sessions.map(({ since }) => since),
            sessions.map(({ streams }) => streams),
        ]);
        return row?.there;
    }
    /** The other nodes that live, and the sessions of those of which `known` is another version. */
    async others(node, known) {
        const { schema } = this.#target;
        const rows = await this.#ask(`SELECT n.node, n.version, n.version IS DISTINCT FROM k.version AS "hasChanged", s.session_id, s.principal
       FROM ${schema}.nodes n LEFT JOIN unnest($2::text[], $3::bigint[]) k (node, version) ON k.node = n.node
       LEFT JOIN ${schema}.sessions s ON s.node = n.node AND n.version IS DISTINCT FROM k.version
       WHERE n.node <> $1 AND ${this.#live}`, [node, known.nodes, known.versions]);
        return rows.map(({ session_id, principal, ...of }) => ({
            ...of,
            key: session_id === null ? null : presenceKey({ session_id, principal: principal || null }),
        }));
    }
    /** Those of `actors` that are connected, as keys. */
    async find(actors) {
        const { schema } = this.#target;
        const rows = await this.#ask(`SELECT g.place FROM unnest($1::text[], $2::text[]) WITH ORDINALITY g (session_id, principal, place)
       WHERE EXISTS (SELECT FROM ${schema}.sessions s JOIN ${schema}.nodes n ON n.node = s.node
         WHERE s.session_id = g.session_id AND s.principal = g.principal AND ${this.#live})`, [actors.map(({ session_id }) => session_id), actors.map(({ principal }) => principal ?? '')]);
        return new Set(rows.map(({ place }) => presenceKey(actors[place - 1])));
    }
    /** The sessions of all nodes but this one. */
    async all(node) {
        const { schema } = this.#target;
        const rows = await this.#ask(`SELECT s.session_id, s.principal, s.since, s.streams, n.name
       FROM ${schema}.sessions s JOIN ${schema}.nodes n ON n.node = s.node WHERE s.node <> $1 AND ${this.#live}`, [node]);
        return rows.map(({ session_id, principal, since, streams, name }) => ({
            session_id,
            principal: principal || null,
            connected_at: new Date(since).toISOString(),
            streams,
            node: name,
        }));
    }
    /** The node is gone. Best done, but its beat ends in any case. */
    async leave(node) {
        const { schema } = this.#target;
        const sql = `WITH gone AS (DELETE FROM ${schema}.nodes WHERE node = $1) DELETE FROM ${schema}.sessions WHERE node = $1`;
        this.#isClosed = true;
        if (this.#session?.isOpen)
            await this.#session.ask(sql, [node], LEAVE_MS).catch(() => { });
        this.#session?.end();
    }
    async #ask(text, values) {
        try {
            const session = this.#session?.isOpen ? this.#session : await this.#open();
            return await session.ask(text, values, ASK_MS);
        }
        catch (error) {
            throw unavailable(error);
        }
    }
    #open() {
        if (this.#isClosed)
            return Promise.reject(new Error('this node is closed'));
        this.#opening ??= Session.open(this.#target)
            .then((session) => {
            this.#session = session;
            if (this.#isClosed)
                session.end();
            return session;
        })
            .finally(() => {
            this.#opening = undefined;
        });
        return this.#opening;
    }
}
