import { type Static, Type } from '@sinclair/typebox';
import { Agent } from './agent.ts';
import { Approval } from './approval.ts';
import { Words } from './schema.ts';

export const PROBLEM_CODES = [
  'validation-failed',
  'session-required',
  'unauthenticated',
  'forbidden',
  'agent-not-found',
  'agent-owned-by-another-session',
  'approval-not-found',
  'approval-already-final',
  'approval-owner-disconnected',
  'approval-requested-by-another-session',
  'mcp-session-not-found',
  'token-not-found',
  'token-name-taken',
  'token-ended',
  'token-read-only',
  'too-many-tokens',
  'resolution-not-offered',
  'idempotency-key-reused',
  'route-not-found',
  'method-not-allowed',
  'payload-too-large',
  'headers-too-large',
  'request-timeout',
  'unsupported-media-type',
  'too-many-requests',
  'too-many-pending-approvals',
  'too-many-agents',
  'storage-unavailable',
  'shutting-down',
  'internal-error',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export const FieldError = Type.Object(
  {
    field: Type.String({
      description: 'The member, parameter or header; a dot leads into an object or a list.',
    }),
    message: Type.String({ description: 'What is wrong with it.' }),
  },
  {
    title: 'FieldError',
    additionalProperties: false,
    examples: [{ field: 'action', message: 'is required' }],
  },
);
export type FieldError = Static<typeof FieldError>;

/** RFC 9457. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: '`urn:sallyport:problem:` and the code.' }),
    title: Type.String({ description: 'The same for every problem of this code.' }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'A sentence that names the thing and says what to do.' }),
    code: Words(PROBLEM_CODES, { description: 'What a program should look at.' }),
    errors: Type.Optional(
      Type.Array(FieldError, { description: 'With `validation-failed`: at least the first field.' }),
    ),
    agent: Type.Optional(Agent),
    approval: Type.Optional(Approval),
  },
  {
    title: 'Problem',
    additionalProperties: false,
    description:
      'What went wrong (RFC 9457). Nothing has changed, but for `storage-unavailable`, where it may have: read, or repeat with the same key. A wait that ends with `shutting-down` carries its approval, which stays.',
    examples: [
      {
        type: 'urn:sallyport:problem:approval-not-found',
        title: 'Unknown approval',
        status: 404,
        detail: "unknown approval 'approval-019ab0c5d1f27a3b9c4d5e6f'",
        code: 'approval-not-found',
      },
    ],
  },
);
export type Problem = Static<typeof Problem>;
