import { Agent, type IncomingMessage, request } from 'node:http';
import type { Answer, Operation, OperationKind } from './history.ts';

/** Longer than the service may take, so that it is seen when it does. */
const GIVE_UP_MS = 8000;

export interface Call {
  readonly kind: OperationKind;
  readonly node: number;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: Record<string, unknown>;
  readonly mark?: string;
  readonly key?: string;
  readonly about?: string;
  readonly timeoutMs?: number;
  /** What the client knows of the log, besides what it was told itself. */
  readonly knownSeq?: number;
  /** The answer has to include that. */
  readonly isOrdered?: boolean;
}

/** What all clients of a run share. */
export interface Traffic {
  readonly urls: readonly string[];
  readonly operations: Operation[];
  readonly agent: Agent;
}

export function makeTraffic(urls: readonly string[]): Traffic {
  // A connection that rests for nearly as long as a node keeps one may be closed as its next request comes, above all by a
  // node that was stopped meanwhile (RFC 9112, section 9.3.1): that is no answer that was lost.
  return { urls, operations: [], agent: new Agent({ keepAlive: true, timeout: 20_000 }) };
}

/** One session over HTTP, on whatever node; all that it does is written down. */
export class Caller {
  readonly session: string;
  readonly #traffic: Traffic;
  /** The newest `Sallyport-Seq` it was told. */
  knownSeq = 0;

  constructor(session: string, traffic: Traffic) {
    this.session = session;
    this.#traffic = traffic;
  }

  async call(call: Call): Promise<Operation> {
    const { kind, node, body = {}, mark = null, key = null, about = null, timeoutMs = 0 } = call;
    const knownSeq = Math.max(this.knownSeq, call.knownSeq ?? 0);
    const isOrdered = call.isOrdered ?? false;
    const begunAt = Date.now();
    const answer = await this.#send(call, knownSeq).catch(() => null);
    const operation: Operation = {
      ...{
        kind,
        node,
        session: this.session,
        mark,
        key,
        about,
        body,
        timeoutMs,
        knownSeq,
        isOrdered,
        begunAt,
      },
      endedAt: Date.now(),
      answer,
    };
    this.knownSeq = Math.max(this.knownSeq, answer?.seq ?? 0);
    this.#traffic.operations.push(operation);
    return operation;
  }

  #send(
    { node, method, path, body, key, isOrdered, timeoutMs = 0 }: Call,
    knownSeq: number,
  ): Promise<Answer> {
    const { agent, urls } = this.#traffic;
    const headers = {
      'X-Session-Id': this.session,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(key === undefined ? {} : { 'Idempotency-Key': key }),
      ...(isOrdered ? { 'Sallyport-Min-Seq': String(knownSeq) } : {}),
    };
    const signal = AbortSignal.timeout(timeoutMs + GIVE_UP_MS);
    return new Promise((resolve, reject) => {
      const sent = request(`${urls[node]}${path}`, { method, headers, agent, signal }, (response) => {
        readAnswer(response).then(resolve, reject);
      });
      sent.on('error', reject);
      sent.end(body && JSON.stringify(body));
    });
  }
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const { statusCode = 0, headers } = response;
  const seq = headers['sallyport-seq'];
  return {
    status: statusCode,
    seq: seq === undefined ? null : Number(seq),
    hasRetryAfter: headers['retry-after'] !== undefined,
    body: text === '' ? null : JSON.parse(text),
  };
}
