import { Socket } from 'node:net';
import pg from 'pg';
import { StorageUnavailable } from '../host/journal.ts';
import { CONNECT_MS, type PostgresTarget } from './postgres-target.ts';

/** One connection, which never keeps anybody waiting for longer than they said. */
export class Session {
  readonly #client: pg.Client;
  readonly #socket: Socket;
  #isOpen = true;

  /**
   * `onEnd` is called when the connection has ended, whoever ended it. `pipeline`: what is asked is sent at once, behind
   * what has not been answered.
   */
  static async open(
    target: PostgresTarget,
    withinMs = CONNECT_MS,
    { onEnd = () => {}, pipeline = false } = {},
  ): Promise<Session> {
    const socket = new Socket();
    // 0 would be no limit.
    const connectionTimeoutMillis = Math.ceil(Math.max(1, Math.min(withinMs, CONNECT_MS)));
    const client = new pg.Client({
      ...target.config,
      connectionTimeoutMillis,
      stream: () => socket,
      pipeline,
    });
    const session = new Session(client, socket);
    socket.on('close', onEnd);
    try {
      await client.connect();
    } catch (error) {
      session.end();
      throw error;
    }
    return session;
  }

  private constructor(client: pg.Client, socket: Socket) {
    this.#client = client;
    this.#socket = socket;
    // It fails what is asked, and that is told.
    client.on('error', () => this.end());
    client.on('end', () => this.end());
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The server process at the other end, as it was named when the connection began: a pooler makes the number up. */
  get backend(): number {
    return (this.#client as pg.Client & { readonly processID: number }).processID;
  }

  onNotification(receive: (payload: string) => void): void {
    this.#client.on('notification', ({ payload }) => receive(payload as string));
  }

  /**
   * The rows. No answer within `withinMs` ends the connection: what was asked may still be done. What has a name is planned
   * once for the connection.
   */
  async ask<Row extends pg.QueryResultRow>(
    text: string,
    values: unknown[],
    withinMs: number,
    name?: string,
  ): Promise<Row[]> {
    const timer = setTimeout(() => this.end(), Math.max(0, withinMs));
    try {
      return (await this.#client.query<Row>({ text, values, ...(name && { name }) })).rows;
    } finally {
      clearTimeout(timer);
    }
  }

  /** At once: there may be nobody on the other side who says goodbye. */
  end(): void {
    this.#isOpen = false;
    this.#socket.destroy();
  }
}

/** The database has answered, with an error: the statement was rolled back. Anything else says nothing about it. */
export function isRefusal(error: unknown): error is pg.DatabaseError {
  return (
    error instanceof pg.DatabaseError &&
    error.severity === 'ERROR' &&
    // A connection's end, which a pooler may tell as an error of the statement.
    !/^(08|57P)/.test(error.code as string)
  );
}

/** What has a name is not what it was, or is not there: another server process has got the statement. It has done nothing. */
export function isUnprepared(error: unknown): boolean {
  return error instanceof pg.DatabaseError && ['26000', '42P05', '0A000'].includes(error.code as string);
}

/** Everything that can go wrong with a read is the storage's trouble, not the request's. */
export function unavailable(error: unknown): StorageUnavailable {
  return new StorageUnavailable(`the database cannot be used: ${messageOf(error)}`);
}

/** A name with several addresses that all fail gives an error without a message of its own. */
export function messageOf(error: unknown): string {
  const { errors = [error] } = error as { errors?: readonly unknown[] };
  return errors.map((cause) => (cause as Error).message).join('; ');
}
