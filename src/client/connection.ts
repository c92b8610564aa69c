import type { Problem } from './api.ts';
import { SallyportError } from './error.ts';

export interface ConnectionOptions {
  /** Where the service is, with or without a path. */
  readonly url: string;
  /** Sent as `Authorization: Bearer …`; null: nothing is sent, as in a browser that is signed in by its cookie. */
  readonly token: string | null;
  /** The name of the session, in `X-Session-Id`. */
  readonly session: string;
}

export type QueryValue = string | number | boolean | readonly string[] | undefined;

export interface Request {
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs?: number;
}

const ANSWER_WITHIN_MS = 30_000;
/** However long somebody says that it takes, it is tried again after this. */
const RETRY_AFTER_MAX_MS = 60_000;

/** One service, as one session with one credential. Every failure is a SallyportError, or the reason of the signal. */
export class Connection {
  readonly url: string;
  readonly session: string;
  readonly #credential: Readonly<Record<string, string>>;

  constructor({ url, token, session }: ConnectionOptions) {
    this.url = url.replace(/\/+$/, '');
    this.session = session;
    this.#credential = token === null ? {} : { Authorization: `Bearer ${token}` };
  }

  /** The answer's JSON; undefined where there is no content. */
  async json<T>(method: string, path: string, request: Request = {}): Promise<T> {
    const { response, text } = await this.#exchange(method, path, request);
    if (response.status === 204) {
      return undefined as T;
    }
    const value = parseJson(text);
    if (!isObject(value)) {
      throw unexpected(response.status, `${this.url} did not answer as Sallyport does: is the URL right?`);
    }
    return value as T;
  }

  async text(path: string, signal?: AbortSignal): Promise<string> {
    return (await this.#exchange('GET', path, { signal })).text;
  }

  /**
   * An answer of which only the head has come: whoever gets it reads it, or aborts it by the signal. It is of no
   * session unless the query says so.
   */
  async open(path: string, request: Request & { readonly signal: AbortSignal }): Promise<Response> {
    const response = await this.#send('GET', path, request, request.signal);
    if (response.ok) {
      return response;
    }
    throw this.#failure(response, await readText(response, request.signal, this.url));
  }

  async #exchange(method: string, path: string, request: Request) {
    const timeout = AbortSignal.timeout(Math.ceil(request.timeoutMs ?? ANSWER_WITHIN_MS));
    const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
    const headers = { 'X-Session-Id': this.session, ...request.headers };
    const response = await this.#send(method, path, { ...request, headers }, signal);
    const text = await readText(response, request.signal, this.url);
    if (!response.ok) {
      throw this.#failure(response, text);
    }
    return { response, text };
  }

  async #send(
    method: string,
    path: string,
    { query, body, headers, signal: asked }: Request,
    signal: AbortSignal,
  ): Promise<Response> {
    try {
      return await fetch(this.url + path + queryText(query), {
        method,
        // What a redirect asks for may be of somebody else, and a POST would become a GET.
        redirect: 'manual',
        headers: {
          ...this.#credential,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal,
      });
    } catch (error) {
      throw unreachable(error, asked, this.url);
    }
  }

  #failure(response: Response, text: string): SallyportError {
    const { status, headers } = response;
    const problem = parseJson(text);
    if (isProblem(problem)) {
      const { code, detail } = problem;
      return new SallyportError({ code, detail, status, problem, retryAfterMs: retryAfterMs(headers) });
    }
    // Browsers hide where to, and give the status 0.
    if (status < 400) {
      const target = headers.get('Location');
      return unexpected(
        status,
        `${this.url} redirects${target === null ? '' : ` to ${target}`}: use the URL of Sallyport itself`,
      );
    }
    return unexpected(
      status,
      `${this.url} answered ${status}, and it is not Sallyport that says so`,
      retryAfterMs(headers),
    );
  }
}

function queryText(query: Request['query'] = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, String(one)]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}

async function readText(response: Response, asked: AbortSignal | undefined, url: string): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw unreachable(error, asked, url);
  }
}

/** The reason of the signal, if that is why; else that there was no answer. */
export function unreachable(error: unknown, signal: AbortSignal | undefined, url: string): unknown {
  if (signal?.aborted) {
    return signal.reason;
  }
  return new SallyportError({
    code: 'unreachable',
    status: 0,
    detail: `${url} cannot be reached: ${reasonOf(error as Error)}`,
    cause: error,
  });
}

/** Node says `fetch failed`, and why in the cause, which may hold one error for each address. */
function reasonOf(error: Error): string {
  const cause = error.cause as (Error & { code?: string }) | undefined;
  return cause?.message || cause?.code || error.message;
}

function unexpected(status: number, detail: string, retryAfterMs?: number): SallyportError {
  return new SallyportError({ code: 'unexpected-answer', status, detail, retryAfterMs });
}

/** Seconds or a date (RFC 9110, section 10.2.3), in milliseconds; undefined: it does not say. */
function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get('Retry-After') ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isProblem(value: unknown): value is Problem {
  return isObject(value) && 'code' in value && 'detail' in value && typeof value.detail === 'string';
}
