import { setTimeout } from 'node:timers/promises';
import fc, { type Arbitrary } from 'fast-check';
import { EventStream } from '../event-stream.ts';
import { anyRequest } from './arbitrary-requests.ts';
import { checkAccess, checkDecider } from './check-access.ts';
import { checkAnswer } from './check-answer.ts';
import { ChangeCheck } from './check-change.ts';
import { type Exchanged, Exchanges } from './exchange.ts';
import { type FuzzCaller, type FuzzCallers, NOBODY } from './fuzz-callers.ts';
import { asCommand, type FuzzRequest, type Known, resolveRequest } from './fuzz-request.ts';
import { LogWatch, type Recorded } from './log-watch.ts';
import { OpenApi } from './openapi.ts';
import { TokenWatch } from './token-watch.ts';

export interface FuzzOptions {
  readonly url: string;
  readonly runs: number;
  readonly seed: number;
  /** Who sends the requests, to a service that needs credentials; null: it needs none. */
  readonly callers: FuzzCallers | null;
  /** What the service has complained of since it was asked last: null as long as it runs and logs no error. */
  readonly takeComplaint?: () => string | null;
  readonly onRequest?: (report: FuzzReport, request: FuzzRequest) => void;
}

export interface FuzzReport {
  /** So far, those of the shrinking included. */
  requests: number;
  /** By the kind of the request and the status: 0 without an answer, as from a client that went away. */
  readonly answers: Record<string, Record<number, number>>;
  /** What was answered by which operation, with success. */
  readonly succeeded: Record<string, number>;
  /** By the caller: how many of its requests were answered with success. */
  readonly callers: Record<string, number>;
  /** Null: everything was as it has to be. */
  failure: { readonly reason: string; readonly command: string; readonly path: string } | null;
}

/** Whatever is asked is answered, or the connection closed, within this. */
const PATIENCE_MS = 10_000;
/** When one was not, the smaller ones are not waited for as long, and for all of them there is a limit. */
const SHRINKING_PATIENCE_MS = 1000;
const SHRINKING_MS = 30_000;

/** A line of a log has arrived within this. */
const COMPLAINT_MS = 20;

/** How many of each kind of what earlier answers told are kept. */
const KNOWN_MAX = 8;

/** Sends requests of every kind and looks at every answer, and at the log after it; the first that is wrong is shrunk. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const run = new Run(options, await OpenApi.of(options.url, options.callers?.headers ?? {}));
  try {
    return await run.all();
  } finally {
    run.close();
  }
}

class Run {
  readonly #options: FuzzOptions;
  readonly #host: Readonly<Record<string, string>>;
  /** Of the one who looks on. */
  readonly #headers: Readonly<Record<string, string>>;
  readonly #api: OpenApi;
  readonly #changes: ChangeCheck;
  readonly #exchanges: Exchanges;
  readonly #probe: Exchanges;
  readonly #watch: LogWatch;
  readonly #tokens: TokenWatch | null;
  readonly #known: Record<keyof Known, string[]> = { agent: [], approval: [], token: [], cursor: [] };
  readonly #report: FuzzReport = {
    requests: 0,
    answers: {},
    succeeded: {},
    callers: {},
    failure: null,
  };
  #command = '';
  #failedAt = Number.POSITIVE_INFINITY;

  constructor(options: FuzzOptions, api: OpenApi) {
    this.#options = options;
    this.#host = { Host: new URL(options.url).host };
    this.#headers = { ...this.#host, ...options.callers?.headers };
    this.#api = api;
    this.#changes = new ChangeCheck(api);
    this.#exchanges = new Exchanges(options.url);
    this.#probe = new Exchanges(options.url);
    this.#watch = new LogWatch(this.#probe, this.#headers);
    this.#tokens = options.callers === null ? null : new TokenWatch(this.#probe, this.#headers);
  }

  async all(): Promise<FuzzReport> {
    await this.#recordFirst();
    await this.#watch.begin();
    await this.#tokens?.begin();
    const stream = await this.#follow();
    const { runs, seed, callers } = this.#options;
    const property = fc.asyncProperty(anyRequest(this.#api), anyCaller(callers), (request, caller) =>
      this.#one(request, caller),
    );
    const found = await fc.check(property, { numRuns: runs, seed });
    if (found.failed) {
      const reason = String((found.errorInstance as Error)?.message ?? found.errorInstance);
      this.#report.failure = { reason, command: this.#command, path: found.counterexamplePath ?? '' };
    }
    if (!found.failed) {
      await this.#tokens?.check(false);
      await this.#checkFollowed(stream);
    }
    stream.close();
    return this.#report;
  }

  close(): void {
    this.#exchanges.close();
    this.#probe.close();
  }

  /** So that there is an event which `Sallyport-Min-Seq` can name. */
  async #recordFirst(): Promise<void> {
    const headers = { ...this.#options.callers?.headers, 'X-Session-Id': 's-1' };
    const { status } = await fetch(`${this.#options.url}/events`, { method: 'POST', headers });
    if (status !== 201) {
      throw new Error(`the first event was answered with ${status}`);
    }
  }

  /** Somebody who sees everything. Approvals of this session are passed on to it. */
  async #follow(): Promise<EventStream> {
    const { url, callers } = this.#options;
    const stream = await EventStream.open(`${url}/events/stream?session_id=s-1`, { ...callers?.headers });
    await stream.hello();
    return stream;
  }

  async #checkFollowed(stream: EventStream): Promise<void> {
    const { newest } = this.#watch;
    await stream.seq(newest);
    const { seqs } = stream;
    if (seqs.some((seq, index) => seq !== (seqs[0] ?? 0) + index)) {
      const reason = 'the event stream has a gap, or an event twice';
      this.#report.failure = { reason, command: `GET /events/stream, up to ${newest}`, path: '' };
    }
  }

  async #one(drawn: FuzzRequest, sender: FuzzCaller): Promise<void> {
    if (performance.now() > this.#failedAt + SHRINKING_MS) {
      return;
    }
    const request = resolveRequest(drawn, this.#known, { ...this.#host, ...sender.headers });
    const caller = hasOwnCredential(drawn) ? NOBODY : sender;
    this.#report.requests += 1;
    this.#options.onRequest?.(this.#report, request);
    try {
      const exchanged = await this.#exchanges.send(request, this.#patienceMs);
      this.#count(request, caller, exchanged);
      for (const answer of exchanged.answers) {
        checkAnswer(this.#api, request, answer);
      }
      const news = await this.#watch.news();
      this.#changes.check(request, exchanged, news);
      if (this.#tokens !== null) {
        await this.#checkAccess(this.#tokens, request, caller, exchanged, news);
      }
      const complaint = this.#options.takeComplaint?.() ?? null;
      if (complaint !== null) {
        throw new Error(complaint);
      }
      this.#learn(exchanged);
    } catch (error) {
      // The one that is shown is the last that failed: the smallest.
      this.#command = asCommand(request, this.#options.url);
      this.#failedAt = Math.min(this.#failedAt, performance.now());
      // What the service says of this one is not to be held against the next.
      await setTimeout(COMPLAINT_MS);
      this.#options.takeComplaint?.();
      throw error;
    }
  }

  async #checkAccess(
    tokens: TokenWatch,
    request: FuzzRequest,
    caller: FuzzCaller,
    { answers }: Exchanged,
    news: readonly Recorded[],
  ): Promise<void> {
    for (const answer of answers) {
      checkAccess(this.#api, request, caller, answer);
    }
    checkDecider(caller, news);
    if (/token/i.test(request.target)) {
      const isAccepted = request.method !== 'GET' && answers.some(({ status }) => status < 300);
      await tokens.check(isAccepted);
    }
  }

  get #patienceMs(): number {
    return this.#failedAt === Number.POSITIVE_INFINITY ? PATIENCE_MS : SHRINKING_PATIENCE_MS;
  }

  #count({ kind, method, target }: FuzzRequest, { name }: FuzzCaller, { answers }: Exchanged): void {
    const status = answers[0]?.status ?? 0;
    this.#report.answers[kind] ??= {};
    const counts = this.#report.answers[kind];
    counts[status] = (counts[status] ?? 0) + 1;
    const operation = this.#api.operationsAt(target).find((one) => one.method === method);
    if (operation !== undefined && status >= 200 && status < 300) {
      const { operationId } = operation;
      this.#report.succeeded[operationId] = (this.#report.succeeded[operationId] ?? 0) + 1;
      this.#report.callers[name] = (this.#report.callers[name] ?? 0) + 1;
    }
  }

  #learn({ answers }: Exchanged): void {
    for (const { headers, body } of answers) {
      const location = headers.location ?? '';
      const approval = /^\/approvals\/(.+)$/.exec(location)?.[1];
      const agent = /^\/agents\/(.+)$/.exec(location)?.[1];
      const token = /^\/tokens\/(.+)$/.exec(location)?.[1];
      const cursor = /"next_cursor":"([^"]+)"/.exec(body.subarray(-300).toString())?.[1];
      keep(this.#known.agent, agent);
      keep(this.#known.approval, approval);
      keep(this.#known.token, token);
      keep(this.#known.cursor, cursor);
    }
  }
}

/** Mostly those who may do something. */
function anyCaller(callers: FuzzCallers | null): Arbitrary<FuzzCaller> {
  const all = callers?.all ?? [NOBODY];
  return fc.oneof(
    ...all.map((caller) => ({ weight: caller.role === null ? 1 : 4, arbitrary: fc.constant(caller) })),
  );
}

/** A hostile request may say who it comes from in its own way, which proves nothing. */
function hasOwnCredential({ headers }: FuzzRequest): boolean {
  return headers.some(([name]) => name.toLowerCase() === 'authorization');
}

function keep(pool: string[], text: string | undefined): void {
  if (text !== undefined) {
    pool.push(text);
    pool.splice(0, Math.max(0, pool.length - KNOWN_MAX));
  }
}
