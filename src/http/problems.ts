import type { FastifyReply } from 'fastify';
import type { Refusal } from '../host/refusal.ts';
import type { FieldError, ProblemCode } from '../model/problem.ts';
import type { Actor } from '../model/session.ts';
import { limitSentence } from './limits.ts';
import { withoutCredentials } from './secrets.ts';

/** Every problem's status and title: the one table that knows both. */
const PROBLEMS: Record<ProblemCode, { readonly status: number; readonly title: string }> = {
  'validation-failed': { status: 400, title: 'The request is not valid' },
  'session-required': { status: 400, title: 'A session is required' },
  unauthenticated: { status: 401, title: 'A credential is required' },
  forbidden: { status: 403, title: 'This is not allowed' },
  'agent-not-found': { status: 404, title: 'Unknown agent' },
  'agent-owned-by-another-session': { status: 403, title: 'The agent is owned by another session' },
  'approval-not-found': { status: 404, title: 'Unknown approval' },
  'approval-already-final': { status: 409, title: 'The approval is already final' },
  'approval-owner-disconnected': { status: 409, title: 'The owner of the approval is not connected' },
  'approval-requested-by-another-session': {
    status: 403,
    title: 'The approval was requested by another session',
  },
  'mcp-session-not-found': { status: 404, title: 'Unknown session of the Model Context Protocol' },
  'token-not-found': { status: 404, title: 'Unknown token' },
  'token-name-taken': { status: 409, title: 'The name of the token is taken' },
  'token-ended': { status: 409, title: 'The token has ended' },
  'token-read-only': { status: 409, title: 'The tokens cannot be changed here' },
  'too-many-tokens': { status: 429, title: 'Too many tokens are kept' },
  'resolution-not-offered': { status: 422, title: 'The resolution is not one of the options' },
  'idempotency-key-reused': { status: 422, title: 'The idempotency key was used for something else' },
  'route-not-found': { status: 404, title: 'There is nothing at this path' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'unsupported-media-type': { status: 415, title: 'The body is of an unsupported type' },
  'too-many-requests': { status: 429, title: 'Too many at once' },
  'too-many-pending-approvals': { status: 429, title: 'Too many approvals are pending' },
  'too-many-agents': { status: 429, title: 'Too many agents are registered' },
  'storage-unavailable': { status: 503, title: 'Something that this needs is not available at the moment' },
  'shutting-down': { status: 503, title: 'This node is shutting down' },
  'internal-error': { status: 500, title: 'Something went wrong in the service' },
};

/** After how many seconds a client may try again. */
const RETRY_AFTER_S: Partial<Record<ProblemCode, number>> = {
  'too-many-requests': 1,
  // Not before somebody has decided something, or unregistered an agent.
  'too-many-pending-approvals': 10,
  'too-many-agents': 10,
  // Not before somebody has written the file anew.
  'too-many-tokens': 60,
  'storage-unavailable': 1,
  'shutting-down': 2,
};

/** What a problem says besides its code. Members that are JSON already are sent as they are. */
export interface Extra {
  /** Where it is not the code's usual one. */
  readonly status?: number;
  readonly errors?: readonly FieldError[];
  readonly agent?: string;
  readonly approval?: string;
  /** The header of a 405. */
  readonly allow?: string;
  /** `WWW-Authenticate` of a 401. */
  readonly challenge?: string;
  /** Seconds, where they are not those of the code. */
  readonly retryAfterS?: number;
}

/** A problem on its way to the client. Thrown where there is nothing left to do. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly extra: Extra;

  constructor(code: ProblemCode, detail: string, extra: Extra = {}) {
    super(detail);
    this.code = code;
    this.extra = extra;
  }
}

/** A 400 that names one field. */
export function invalid(field: string, message: string): ProblemError {
  return new ProblemError('validation-failed', `${field} ${message}`, { errors: [{ field, message }] });
}

/** RFC 9457, as text. What somebody sent in the wrong place, and a sentence repeats, may be a credential. */
export function problemJson(problem: ProblemError): string {
  const { code, message, extra } = problem;
  const { title } = PROBLEMS[code];
  const status = statusOf(problem);
  const head = {
    type: `urn:sallyport:problem:${code}`,
    title,
    status,
    detail: withoutCredentials(message),
    code,
    errors: extra.errors?.map(shown),
  };
  const agent = extra.agent === undefined ? '' : `,"agent":${extra.agent}`;
  const approval = extra.approval === undefined ? '' : `,"approval":${extra.approval}`;
  return `${JSON.stringify(head).slice(0, -1)}${agent}${approval}}`;
}

function shown({ field, message }: FieldError): FieldError {
  return { field: withoutCredentials(field), message: withoutCredentials(message) };
}

export function statusOf({ code, extra }: ProblemError): number {
  return extra.status ?? PROBLEMS[code].status;
}

export function sendProblem(reply: FastifyReply, problem: ProblemError): FastifyReply {
  const { code } = problem;
  const retryAfter = problem.extra.retryAfterS ?? RETRY_AFTER_S[code];
  if (retryAfter !== undefined) {
    reply.header('Retry-After', retryAfter);
  }
  if (problem.extra.allow !== undefined) {
    reply.header('Allow', problem.extra.allow);
  }
  if (problem.extra.challenge !== undefined) {
    reply.header('WWW-Authenticate', problem.extra.challenge);
  }
  return reply.code(statusOf(problem)).type('application/problem+json').send(problemJson(problem));
}

/** What a refusal of the host is over HTTP. */
export function problemOf(refusal: Refusal): ProblemError {
  switch (refusal.code) {
    case 'agent-not-found':
      return new ProblemError(refusal.code, `unknown agent '${refusal.agentId}'`);
    case 'agent-owned-by-another-session':
      return agentOwned(refusal);
    case 'approval-not-found':
      return new ProblemError(refusal.code, `unknown approval '${refusal.approvalId}'`);
    case 'approve-label-not-offered':
      return invalid(
        'approve_label',
        `'${refusal.approveLabel}' is not one of the options ${list(refusal.options)}`,
      );
    case 'idempotency-key-reused':
      return new ProblemError(
        refusal.code,
        'this Idempotency-Key was used for another approval by this session; use a new key for a new question',
      );
    case 'too-many-pending-approvals':
    case 'too-many-agents':
      return new ProblemError(refusal.code, limitSentence(refusal));
    case 'storage-unavailable':
      return new ProblemError(
        refusal.code,
        `${refusal.reason}; read what is there, or repeat with the same key`,
      );
    case 'shutting-down':
      return new ProblemError(refusal.code, 'this node is shutting down; try again in a moment');
    default:
      return aboutApproval(refusal);
  }
}

type AgentOwned = Extract<Refusal, { code: 'agent-owned-by-another-session' }>;

function agentOwned({ agent, registering, by }: AgentOwned): ProblemError {
  const problem = `agent '${agent.id}' is owned by another session`;
  const [toRegister, toChange] = hasAdministrators(by)
    ? [
        'unregister it from that session, or as an administrator, first',
        'only that session can change it, and an administrator can unregister it',
      ]
    : ['unregister it from that session first', 'only that session can change it'];
  const advice = registering ? toRegister : toChange;
  const code = 'agent-owned-by-another-session';
  return new ProblemError(code, `${problem}; ${advice}`, {
    agent: JSON.stringify(agent),
    ...(registering ? { status: 409 } : {}),
  });
}

type AboutApproval = Extract<Refusal, { approval: unknown }>;

function aboutApproval(refusal: AboutApproval): ProblemError {
  const { approval } = refusal;
  return new ProblemError(refusal.code, sentence(refusal), { approval: JSON.stringify(approval) });
}

function sentence(refusal: AboutApproval): string {
  const { approval } = refusal;
  switch (refusal.code) {
    case 'resolution-not-offered':
      return `'${refusal.resolution}' is not an option of approval '${approval.id}'; choose one of ${list(approval.options)}`;
    case 'approval-already-final':
      return `approval '${approval.id}' is already ${approval.status}; its outcome '${approval.outcome}' stays`;
    case 'approval-owner-disconnected':
      return `approval '${approval.id}' is owned by session '${approval.client_id}' which is not currently connected`;
    case 'approval-requested-by-another-session':
      return `approval '${approval.id}' was requested by another session; only ${whoCancels(refusal.by)} can cancel it`;
  }
}

function whoCancels(by: Actor): string {
  return hasAdministrators(by) ? 'that session or an administrator' : 'that session';
}

/** Where nobody needs a credential, nobody is an administrator, and advice to ask one leads nowhere. */
function hasAdministrators(by: Actor): boolean {
  return by.principal !== null;
}

function list(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ');
}
