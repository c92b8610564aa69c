import { finished } from 'node:stream';
import { type Static, Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Host } from '../../host/host.ts';
import { type MCP_PARAMS, McpMessage, McpProtocolVersion } from '../../model/mcp.ts';
import type { Access } from '../access.ts';
import type { App } from '../app.ts';
import { keyOf } from '../asked-approval.ts';
import { NoQuery, problems } from '../documentation.ts';
import { ProblemError } from '../problems.ts';
import type { WaitRoom } from '../wait-room.ts';
import { ask, STOPPED_WAITING } from './ask.ts';
import { type ClientSession, ClientSessions, UNNAMED } from './client-session.ts';
import { checkVersion, refusal, wrongParams } from './messages.ts';
import { type CallName, OpenCalls } from './open-calls.ts';
import type { ToolContext } from './tools.ts';
import { actorOf, agentIdOf, WaitingAgents } from './waiting-agents.ts';

export interface McpOptions {
  readonly version: string;
  /** Characters of the JSON text of `details`, `metadata` or `payload`, and of what a tool is to be called with. */
  readonly maxJsonBytes: number;
  /** How often a client that waits is told that its call goes on. */
  readonly mcpProgressMs?: number;
}

/** Typical clients give up after 60 s without a word. */
const PROGRESS_MS = 15_000;

export function mcpRoute(app: App, host: Host, access: Access, room: WaitRoom, options: McpOptions): void {
  const { version, maxJsonBytes, mcpProgressMs: progressMs = PROGRESS_MS } = options;
  const sessions = new ClientSessions(host.logId);
  const calls = new OpenCalls(host);
  const agents = new WaitingAgents(host);

  app.post(
    '/mcp',
    {
      schema: {
        operationId: 'mcp',
        tags: ['approvals'],
        summary: 'The Model Context Protocol, over Streamable HTTP',
        description: DESCRIPTION,
        headers: Type.Object(MCP_HEADERS),
        querystring: NoQuery,
        body: McpMessage,
        response: {
          200: {
            description:
              'The answer, and what is told until then: JSON-RPC messages as server-sent events. That to `initialize` has a header `Mcp-Session-Id`.',
            content: { 'text/event-stream': { schema: Type.String(), example: EXAMPLE } },
          },
          202: { description: 'A notification was taken.', type: 'null' },
          ...problems(400, 404, 413, 415, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const message = request.body;
      const { principal } = access.callerOf(request);
      const isNew = message.method === 'initialize';
      const session = isNew ? UNNAMED : sessions.find(request.headers['mcp-session-id'], principal);
      checkVersion(isNew ? undefined : request.headers['mcp-protocol-version']);
      const call = nameOf(session, message.id);
      if (message.method === 'notifications/cancelled') {
        const cancelled = nameOf(session, message.params?.requestId as string | undefined);
        await calls.cancel(cancelled, actorOf(session, principal), STOPPED_WAITING);
      }
      const gone = new AbortController();
      const forgetCall = calls.add(call, () => gone.abort());
      const forgetCredential = access.onInvalid(request, (problem) => gone.abort(problem));
      finished(reply.raw, () => {
        forgetCall();
        forgetCredential();
        gone.abort();
      });
      const wrong = wrongParams(message);
      if (wrong !== undefined) {
        return reply.send(refusal(message, wrong));
      }
      const { exchange } = await import('./serve.ts');
      const response = await exchange({
        message,
        version,
        progressMs,
        gone: gone.signal,
        contextFor: (onAsked) => contextFor({ request, reply, session, call, gone: gone.signal, onAsked }),
      });
      if (isNew && message.id !== undefined) {
        const { clientInfo } = message.params as Static<typeof MCP_PARAMS.initialize>;
        reply.header('Mcp-Session-Id', sessions.begin(principal, clientInfo));
      }
      return reply.send(response);
    },
  );

  function contextFor({ request, reply, session, call, gone, onAsked }: Called): ToolContext {
    const by = actorOf(session, access.callerOf(request).principal);
    return {
      agentId: agentIdOf(session, by.principal),
      maxJsonBytes,
      ask: async (approval, clientKey) => {
        const key = keyOf(clientKey, by, approval);
        // One that can be found by its key is not taken back with its call.
        const newApprovalId = calls.newApprovalId(key === null ? call : null);
        const answered = agents.begin(session, by, approval.action);
        try {
          const question = { newApprovalId, by, approval, key, response: reply.raw, gone, onAsked };
          return await ask(host, room, question);
        } finally {
          answered(gone.aborted ? 'idle' : 'running');
        }
      },
      explain: (error) => {
        if (error instanceof ProblemError) {
          return error.message;
        }
        request.log.error({ reqId: request.id, err: error }, 'a tool failed');
        return 'the service failed on this call; its log says more';
      },
    };
  }
}

interface Called {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly session: ClientSession;
  readonly call: CallName;
  /** Aborted when nobody waits for the answer any more, by a ProblemError if the client may not. */
  readonly gone: AbortSignal;
  readonly onAsked: (approvalId: string) => void;
}

function nameOf({ id: session }: ClientSession, id: string | number | undefined): CallName {
  return session === null || id === undefined ? null : [session, id];
}

const MCP_HEADERS = {
  'Mcp-Session-Id': Type.Optional(Type.String({ description: 'As the answer to `initialize` had it.' })),
  'MCP-Protocol-Version': Type.Optional(McpProtocolVersion),
};

const DESCRIPTION =
  'One JSON-RPC message at a time. The tools are `request_approval`, which asks a person and waits, and `approve`, for the permission prompts of Claude Code; none decides. The answer is a stream, which tells a client that sent a `progressToken` every 15 s that its call goes on. `GET` and `DELETE` are 405: there is nothing to be told without a call, and a session is nothing that is kept.';

const EXAMPLE =
  'event: message\ndata: {"result":{"content":[{"type":"text","text":"approved: a person chose \\"approve\\" for \\"Deploy to production?\\". You may do it, once."}]},"jsonrpc":"2.0","id":1}\n\n';
