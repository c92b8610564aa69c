import { type Static, Type } from '@sinclair/typebox';
import { CreateApproval } from './approval.ts';
import { Json, Words } from './schema.ts';

/** What clients of the Model Context Protocol send: a message, and the arguments of the tools. */

function AnyObject(description: string) {
  return Type.Unsafe<Record<string, unknown>>({ type: 'object', description });
}

const RequestId = Type.Unsafe<string | number>({
  type: ['string', 'integer'],
  maxLength: 200,
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Of the request; it answers with the same. A notification has none.',
});

/** JSON-RPC 2.0, one at a time. A client is never asked for anything, so it has nothing to answer. */
export const McpMessage = Type.Object(
  {
    jsonrpc: Words(['2.0'] as const),
    id: Type.Optional(RequestId),
    method: Type.String({ description: 'For example `tools/call`.' }),
    params: Type.Optional(AnyObject('What the method takes.')),
  },
  {
    title: 'McpMessage',
    additionalProperties: false,
    description: 'A JSON-RPC 2.0 message of the Model Context Protocol.',
    examples: [
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'request_approval', arguments: { action: 'Deploy to production?' } },
      },
    ],
  },
);
export type McpMessage = Static<typeof McpMessage>;

/** What any method may be given besides: how a client wants to be told of its progress. */
export const McpMeta = Type.Object({
  progressToken: Type.Optional(
    Type.Unsafe<string | number>({
      type: ['string', 'integer'],
      minimum: Number.MIN_SAFE_INTEGER,
      maximum: Number.MAX_SAFE_INTEGER,
    }),
  ),
});

/** What the methods take that this server looks at, as far as it does. */
export const MCP_PARAMS = {
  initialize: Type.Object({
    protocolVersion: Type.String(),
    capabilities: AnyObject('What the client can do.'),
    clientInfo: Type.Object({ name: Type.String(), version: Type.String() }),
  }),
  'tools/call': Type.Object({
    name: Type.String(),
    arguments: Type.Optional(AnyObject('What the tool takes.')),
  }),
};

/** Versions of the protocol. */
export const McpProtocolVersion = Words([
  '2025-11-25',
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
  '2024-10-07',
] as const);

const { action, details, options, approve_label, expires_in_ms } = CreateApproval.properties;

/** The arguments of `request_approval`. Who asks is never one of them. */
export const RequestApprovalArguments = Type.Object(
  {
    action,
    details,
    options,
    approve_label,
    expires_in_ms,
    idempotency_key: Type.Optional(
      Type.String({
        pattern: '^[\\x21-\\x7e]{1,255}$',
        description:
          'A name for this one question, used for nothing else ever: the same call with the same key joins the question that is there, and gets its answer. Without a key the question is taken back when this call ends early, and expires after a day unless `expires_in_ms` is given.',
        examples: ['deploy-1.4.2-to-production'],
      }),
    ),
  },
  { additionalProperties: false },
);
export type RequestApprovalArguments = Static<typeof RequestApprovalArguments>;

/** The arguments of `approve`, as Claude Code sends them. What a newer one adds is not looked at. */
export const ApproveArguments = Type.Object({
  tool_name: Type.String({ minLength: 1, description: 'The tool that is about to be used.' }),
  input: Type.Unsafe<Record<string, unknown>>({
    type: 'object',
    description: 'What it will be called with.',
  }),
  tool_use_id: Type.Optional(Json('Which use of the tool it is.')),
});
export type ApproveArguments = Static<typeof ApproveArguments>;
