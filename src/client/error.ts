import type { Problem } from './api.ts';

/**
 * `unreachable`: there was no answer, or only the beginning of one. `unexpected-answer`: something answered that is not
 * Sallyport, or not as it should.
 */
export type ErrorCode = Problem['code'] | 'unreachable' | 'unexpected-answer';

export interface Failure {
  readonly code: ErrorCode;
  /** A sentence that says what is wrong. */
  readonly detail: string;
  /** Of the answer; 0: there was none. */
  readonly status: number;
  readonly problem?: Problem;
  /** How long the service asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** What a request came to when it was not answered as it should be. */
export class SallyportError extends Error {
  override name = 'SallyportError';
  readonly code: ErrorCode;
  readonly detail: string;
  readonly status: number;
  /** What the service said (RFC 9457); null: it said nothing of that form. */
  readonly problem: Problem | null;
  readonly retryAfterMs: number | undefined;

  constructor({ code, detail, status, problem, retryAfterMs, cause }: Failure) {
    super(detail, { cause });
    this.code = code;
    this.detail = detail;
    this.status = status;
    this.problem = problem ?? null;
    this.retryAfterMs = retryAfterMs;
  }

  /** It may go by itself: the same request can be answered in a moment. */
  get isPassing(): boolean {
    const { code, status } = this;
    return code === 'unreachable' || status === 408 || status === 425 || status === 429 || status >= 500;
  }
}

/** True for an error that may go by itself. */
export function isPassing(error: unknown): error is SallyportError {
  return error instanceof SallyportError && error.isPassing;
}
