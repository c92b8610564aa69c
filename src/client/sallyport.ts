import { Agents } from './agents.ts';
import type {
  ConnectedSession,
  Event,
  EventsPage,
  ListEventsQuery,
  Me,
  Notify,
  SessionsPage,
  WaitAnswer,
} from './api.ts';
import { Approvals } from './approvals.ts';
import {
  type AskOptions,
  ask,
  type Question,
  type RequestOptions,
  requestApproval,
  type WaitOptions,
  waitFor,
} from './ask.ts';
import type { CallOptions } from './call-options.ts';
import { Connection } from './connection.ts';
import { EventStream, type StreamOptions } from './event-stream.ts';
import { randomId } from './random-id.ts';

export interface SallyportOptions {
  /** `http://127.0.0.1:7420` unless given. */
  readonly url?: string | undefined;
  /** A token or a JWT; not sent unless given, as in a browser that is signed in by its cookie. */
  readonly token?: string | null | undefined;
  /** How this client calls itself: 1-128 characters of `A-Z a-z 0-9 . _ : -`; one that nobody else has unless given. */
  readonly session?: string | undefined;
}

/** `events(…)` follows the log; the rest reads and writes it. */
export interface Events {
  /** Follows the log live: `for await (const event of client.events({ kind: 'approval.*' }))`. */
  (options?: StreamOptions): EventStream;
  /** Records an event of your own. */
  publish(event: Notify, options?: CallOptions): Promise<Event>;
  /** Events that are kept: the newest first, or with `after` the oldest. */
  list(query?: ListEventsQuery, options?: CallOptions): Promise<Event[]>;
}

const DEFAULT_URL = 'http://127.0.0.1:7420';

/** A client of one Sallyport. */
export class Sallyport {
  readonly url: string;
  readonly session: string;
  readonly agents: Agents;
  readonly approvals: Approvals;
  readonly events: Events;
  readonly #connection: Connection;

  constructor({ url = DEFAULT_URL, token = null, session = `client-${randomId()}` }: SallyportOptions = {}) {
    const connection = new Connection({ url, token, session });
    this.#connection = connection;
    this.url = connection.url;
    this.session = session;
    this.agents = new Agents(connection);
    this.approvals = new Approvals(connection);
    this.events = Object.assign((options: StreamOptions = {}) => new EventStream(connection, options), {
      publish: (body: Notify, { signal }: CallOptions = {}) =>
        connection.json<Event>('POST', '/events', { body, signal }),
      list: async (query: ListEventsQuery = {}, { signal }: CallOptions = {}) =>
        (await connection.json<EventsPage>('GET', '/events', { query: { ...query }, signal })).events,
    });
  }

  /**
   * Asks a person and waits for as long as it takes, whatever happens to connections and the service meanwhile. Only
   * `outcome === 'approved'` is an approval. Rejects with a SallyportError for what cannot heal, or when `timeoutMs`
   * has passed without an answer of the service.
   */
  ask(question: Question, options?: AskOptions): Promise<WaitAnswer> {
    return ask(this.#connection, question, options);
  }

  /** Asks, and does not wait. */
  requestApproval(question: Question, options?: RequestOptions) {
    return requestApproval(this.#connection, question, options);
  }

  /** Waits for an approval that exists. `timed_out` says that `timeoutMs` has passed, and nothing else. */
  waitFor(id: string, options?: WaitOptions): Promise<WaitAnswer> {
    return waitFor(this.#connection, id, options);
  }

  /** Who is connected: holds an event stream. */
  async sessions({ signal }: CallOptions = {}): Promise<ConnectedSession[]> {
    return (await this.#connection.json<SessionsPage>('GET', '/sessions', { signal })).sessions;
  }

  /** Who this client is there, by its credential, and what it may do. */
  me({ signal }: CallOptions = {}): Promise<Me> {
    return this.#connection.json('GET', '/me', { signal });
  }

  /** Resolves when the service takes changes; rejects with what keeps it from that. */
  async ready({ signal }: CallOptions = {}): Promise<void> {
    await this.#connection.json('GET', '/health/ready', { signal });
  }

  /** The figures of the service, in Prometheus' text format. */
  metrics({ signal }: CallOptions = {}): Promise<string> {
    return this.#connection.text('/metrics', signal);
  }

  /** The version of the service. */
  async version({ signal }: CallOptions = {}): Promise<string> {
    const { info } = await this.#connection.json<{ info: { version: string } }>('GET', '/openapi.json', {
      signal,
    });
    return info.version;
  }
}
