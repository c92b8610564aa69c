import type { WireAnswer } from './answer-reader.ts';
import { Connection } from './connection.ts';
import { type FuzzRequest, toBytes } from './fuzz-request.ts';

/** After this the client of a request that may be held open goes away. */
const GONE_AFTER_MS = 20;
const READ_MS = 10_000;

export interface Exchanged {
  /** With an event stream as far as it came. */
  readonly answers: readonly WireAnswer[];
  /** The client went away before there was an answer. */
  readonly isAbandoned: boolean;
}

/** Sends requests one after the other. Well-formed ones share a connection, as those of a client do. */
export class Exchanges {
  readonly #url: string;
  #kept: Connection | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** Throws when there is no answer in time, or one that is not HTTP. */
  async send(request: FuzzRequest, patienceMs: number): Promise<Exchanged> {
    const isOrdinary = request.bytes === undefined && request.kind !== 'hostile';
    const connection = (isOrdinary ? this.#takeKept() : undefined) ?? new Connection(this.#url);
    connection.send(toBytes(request), [request.method]);
    if (request.bytes !== undefined) {
      // It goes no further: the service need not wait for the rest.
      connection.socket.end();
    }
    const end = await connection.until(
      ({ answers, open }) => answers.length > 0 || isGreeted(open),
      request.mayPark ? GONE_AFTER_MS : patienceMs,
    );
    if (end === 'late' && !request.mayPark) {
      throw new Error(`no answer within ${patienceMs} ms`);
    }
    const { answers, open } = connection.reader;
    if (isOrdinary && end === 'closed') {
      throw new Error('the connection was closed without an answer');
    }
    if (isOrdinary && end === 'passed' && open === undefined && answers[0]?.headers.connection !== 'close') {
      this.#kept = connection;
    } else {
      connection.destroy();
    }
    return { answers: open === undefined ? answers : [...answers, open], isAbandoned: end === 'late' };
  }

  /** Reads JSON, on a connection that is never in doubt. */
  async read<T>(target: string, headers: Readonly<Record<string, string>>): Promise<T> {
    const request: FuzzRequest = {
      kind: 'valid',
      method: 'GET',
      target,
      headers: Object.entries(headers),
      body: undefined,
      mayPark: false,
    };
    const { answers } = await this.send(request, READ_MS);
    if (answers[0]?.status !== 200) {
      throw new Error(`GET ${target} answered ${answers[0]?.status}: ${answers[0]?.body}`);
    }
    return JSON.parse(answers[0].body.toString()) as T;
  }

  close(): void {
    this.#kept?.destroy();
  }

  #takeKept(): Connection | undefined {
    const kept = this.#kept;
    this.#kept = undefined;
    return kept?.isClosed ? undefined : kept;
  }
}

/** A stream is left when it has said hello. */
function isGreeted(open: WireAnswer | undefined): boolean {
  const isStream = open?.headers['content-type']?.startsWith('text/event-stream') === true;
  return isStream && /^event: hello\ndata: .*\n\n/m.test(open.body.toString());
}
