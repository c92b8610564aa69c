import { presenceKey } from './presence.js';
/** Presence where there is one node: its memory. */
export class LocalPresence {
    #node;
    #sessions = new Map();
    /** `node`: its name. */
    constructor(node) {
        this.#node = node;
    }
    get size() {
        return this.#sessions.size;
    }
    connect(actor, now) {
        const key = presenceKey(actor);
        const { since = now, streams = 0 } = this.#sessions.get(key) ?? {};
        this.#sessions.set(key, { actor, since, streams: streams + 1 });
    }
    disconnect(actor) {
        const key = presenceKey(actor);
        const session = this.#sessions.get(key);
        if (session === undefined || session.streams === 1) {
            this.#sessions.delete(key);
        }
        else {
            this.#sessions.set(key, { ...session, streams: session.streams - 1 });
        }
    }
    isConnected(actor) {
        return this.#sessions.has(presenceKey(actor));
    }
    find(actor) {
        return this.isConnected(actor);
    }
    async list() {
        return this.all().map(({ actor, since, streams }) => ({
            session_id: actor.session_id,
            principal: actor.principal,
            connected_at: new Date(since).toISOString(),
            streams,
            node: this.#node,
        }));
    }
    get(key) {
        return this.#sessions.get(key);
    }
    all() {
        return [...this.#sessions.values()];
    }
}
