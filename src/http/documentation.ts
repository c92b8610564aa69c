import type { TSchema } from '@sinclair/typebox';
import { Type } from '@sinclair/typebox';
import { Problem } from '../model/problem.ts';
import { invalid, ProblemError, problemJson, problemOf } from './problems.ts';

/** How routes say what they can answer: the parts of their schemas that recur. */

const SEQ_HEADER = {
  'Sallyport-Seq': Type.Integer({ description: 'The newest `seq` that this answer includes.' }),
};
export const LOCATION_HEADER = { Location: Type.String({ description: 'Where it is: a path.' }) };

const PROBLEMS = {
  400: 'The request is not valid; `errors` names at least the first field.',
  401: 'A credential is needed, or the one that was sent is not good.',
  403: 'It belongs to another session, or the credential does not allow it.',
  404: 'There is no such thing.',
  409: 'It is not in a state for this; the problem carries it.',
  413: 'The body is larger than `SALLYPORT_MAX_BODY_BYTES`.',
  415: 'The body is not `application/json`.',
  422: 'It is understood, and cannot be.',
  429: 'Too many requests, or a limit of what is kept is reached; try again after `Retry-After`.',
  500: 'Something went wrong in the service.',
  503: 'Not at the moment; try again after `Retry-After`.',
} as const;

type Status = keyof typeof PROBLEMS;

const RETRY_HEADER = { 'Retry-After': Type.Integer({ description: 'Seconds to wait before the next try.' }) };

const HEADERS: Partial<Record<Status, object>> = {
  401: {
    headers: { 'WWW-Authenticate': Type.String({ description: '`Bearer` and why (RFC 6750, section 3).' }) },
  },
  429: { headers: RETRY_HEADER },
  503: { headers: RETRY_HEADER },
};

/** One of each code that comes with the status. */
const EXAMPLES: Record<Status, Record<string, { value: unknown }>> = {
  400: examples(
    invalid('action', 'is required'),
    new ProblemError('session-required', "say who you are with the header 'X-Session-Id'"),
  ),
  401: examples(
    new ProblemError(
      'unauthenticated',
      'this needs a credential; send a token as `Authorization: Bearer spt_…`',
    ),
  ),
  403: examples(
    new ProblemError(
      'forbidden',
      "the role 'viewer' does not include 'approvals.resolve'; ask an administrator for a credential with another role",
    ),
    new ProblemError(
      'agent-owned-by-another-session',
      "agent 'worker' is owned by another session; only that session can change it",
    ),
    new ProblemError(
      'approval-requested-by-another-session',
      "approval 'approval-019ab0c5d1f27a3b9c4d5e6f' was requested by another session; only that session can cancel it",
    ),
  ),
  404: examples(
    problemOf({ code: 'agent-not-found', agentId: 'worker' }),
    problemOf({ code: 'approval-not-found', approvalId: 'approval-019ab0c5d1f27a3b9c4d5e6f' }),
    new ProblemError('token-not-found', "unknown token 'ann'"),
    new ProblemError('mcp-session-not-found', 'unknown Mcp-Session-Id; begin again with `initialize`'),
  ),
  409: examples(
    new ProblemError(
      'approval-already-final',
      "approval 'approval-019ab0c5d1f27a3b9c4d5e6f' is already resolved; its outcome 'approved' stays",
    ),
    new ProblemError(
      'approval-owner-disconnected',
      "approval 'approval-019ab0c5d1f27a3b9c4d5e6f' is owned by session 'client-A' which is not currently connected",
    ),
    new ProblemError(
      'token-name-taken',
      "there is or was a token 'ann', and a name is given only once; take another",
    ),
  ),
  413: examples(new ProblemError('payload-too-large', 'the body is larger than 262144 bytes; send less')),
  415: examples(
    new ProblemError(
      'unsupported-media-type',
      "send bodies as JSON in UTF-8, not compressed, with the header 'Content-Type: application/json'",
    ),
  ),
  422: examples(
    new ProblemError(
      'resolution-not-offered',
      "'maybe' is not an option of approval 'approval-019ab0c5d1f27a3b9c4d5e6f'; choose one of 'approve', 'deny'",
    ),
    problemOf({ code: 'idempotency-key-reused' }),
  ),
  429: examples(
    new ProblemError(
      'too-many-requests',
      'this node has 50000 waits open, as many as SALLYPORT_MAX_WAITS allows; try again when one of them has ended',
    ),
    problemOf({ code: 'too-many-pending-approvals', limit: 'of-session', max: 10_000 }),
    problemOf({ code: 'too-many-agents', max: 100_000 }),
  ),
  500: examples(
    new ProblemError(
      'internal-error',
      'the service failed on this request; its log says more under this request id',
    ),
  ),
  503: examples(
    problemOf({ code: 'storage-unavailable', reason: 'the log cannot be written: disk is full' }),
    problemOf({ code: 'shutting-down' }),
  ),
};

function examples(...problems: ProblemError[]) {
  return Object.fromEntries(
    problems.map((problem) => [problem.code, { value: JSON.parse(problemJson(problem)) }]),
  );
}

/** The problems that a route can answer with, and those of every route that needs a credential. */
export function problems(...statuses: Status[]) {
  return openProblems(401, 403, 429, ...statuses);
}

/** The problems that a route can answer with which everybody may use. */
export function openProblems(...statuses: Status[]) {
  return Object.fromEntries(
    [400 as const, ...statuses, 500 as const].map((status) => [status, problem(status)]),
  );
}

function problem(status: Status) {
  const content = { 'application/problem+json': { schema: Problem, examples: EXAMPLES[status] } };
  return { description: PROBLEMS[status], content, ...HEADERS[status] };
}

/** A JSON answer. */
export function answer(description: string, schema: TSchema) {
  const { examples } = schema as { examples: readonly unknown[] };
  return { description, content: { 'application/json': { schema, example: examples[0] } } };
}

/** A JSON answer to a change. */
export function changed(description: string, schema: TSchema) {
  return { ...answer(description, schema), headers: SEQ_HEADER };
}

/** A JSON answer to what was created. */
export function created(description: string, schema: TSchema) {
  return { ...answer(description, schema), headers: { ...SEQ_HEADER, ...LOCATION_HEADER } };
}

/** The id in a path. Any text will do: what does not exist is a 404. */
export function idIn(what: string) {
  return Type.Object({ id: Type.String({ description: `The id of the ${what}.` }) });
}

/** The query of a route that takes none. */
export const NoQuery = Type.Object({}, { additionalProperties: false });
