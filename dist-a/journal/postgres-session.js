import { Socket } from 'node:net';
import pg from 'pg';
import { StorageUnavailable } from '../host/journal.js';
import { CONNECT_MS } from './postgres-target.js';
/** One connection, which never keeps anybody waiting for longer than they said. */
export class Session {
    #client;
    #socket;
    #isOpen = true;
    /** `onEnd` is called when the connection has ended, whoever ended it. */
    static async open(target, withinMs = CONNECT_MS, onEnd = () => { }) {
        const socket = new Socket();
        // 0 would be no limit.
        const connectionTimeoutMillis = Math.ceil(Math.max(1, Math.min(withinMs, CONNECT_MS)));
        const client = new pg.Client({ ...target.config, connectionTimeoutMillis, stream: () => socket });
        const session = new Session(client, socket);
        socket.on('close', onEnd);
        try {
            await client.connect();
        }
        catch (error) {
            session.end();
            throw error;
        }
        return session;
    }
    constructor(client, socket) {
        this.#client = client;
        this.#socket = socket;
        // It fails what is asked, and that is told.
        client.on('error', () => this.end());
        client.on('end', () => this.end());
    }
    get isOpen() {
        return this.#isOpen;
    }
    onNotification(receive) {
        this.#client.on('notification', ({ payload }) => receive(payload));
    }
    /** The rows. No answer within `withinMs` ends the connection: what was asked may still be done. */
    async ask(text, values, withinMs) {
        const timer = setTimeout(() => this.end(), Math.max(0, withinMs));
        try {
            return (await this.#client.query(text, values)).rows;
        }
        finally {
            clearTimeout(timer);
        }
    }
    /** At once: there may be nobody on the other side who says goodbye. */
    end() {
        this.#isOpen = false;
        this.#socket.destroy();
    }
}
/** The database has answered, with an error: the statement was rolled back. Anything else says nothing about it. */
export function isRefusal(error) {
    return (error instanceof pg.DatabaseError &&
        error.severity === 'ERROR' &&
        // A connection's end, which a pooler may tell as an error of the statement.
        !/^(08|57P)/.test(error.code));
}
/** Everything that can go wrong with a read is the storage's trouble, not the request's. */
export function unavailable(error) {
    return new StorageUnavailable(`the database cannot be used: ${messageOf(error)}`);
}
/** A name with several addresses that all fail gives an error without a message of its own. */
export function messageOf(error) {
    const { errors = [error] } = error;
    return errors.map((cause) => cause.message).join('; ');
}
