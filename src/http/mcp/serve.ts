import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import type { McpMessage } from '../../model/mcp.ts';
import { invalid, ProblemError } from '../problems.ts';
import { CALLS, TOOLS, type ToolContext } from './tools.ts';

/** The part of `/mcp` that needs the SDK, which is large: it is loaded when the first client comes. */

const INSTRUCTIONS =
  'Sallyport puts a person in front of what must not happen alone. Call request_approval before you do such a thing, and do it only if the outcome that the result begins with is "approved". There is no tool that decides: people do, elsewhere.';

export interface Exchange {
  readonly message: McpMessage;
  readonly version: string;
  /** How often a wait says that it goes on. */
  readonly progressMs: number;
  /** Aborted when nobody waits for the answer any more; by a ProblemError: it is to be told why. */
  readonly gone: AbortSignal;
  /** For a call of a tool; `onAsked` says that its wait has begun. */
  readonly contextFor: (onAsked: (approvalId: string) => void) => ToolContext;
}

/**
 * Answers one message with a server of its own, because nothing is kept between two requests: any node may get the next.
 * The transport's own checks of Host and Origin are off: the guard has made ours before.
 */
export async function exchange(options: Exchange): Promise<Response> {
  const { message, version, progressMs, gone } = options;
  const server = new Server(
    { name: 'sallyport', title: 'Sallyport', version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS, jsonSchemaValidator },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...TOOLS] }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra): Promise<CallToolResult> => {
    const call = CALLS.get(params.name);
    if (call === undefined) {
      throw new McpError(
        ErrorCode.InvalidParams,
        `there is no tool '${params.name}'; there are ${[...CALLS.keys()].join(' and ')}`,
      );
    }
    const progress = new Progress(progressMs, extra);
    try {
      return await call(
        params.arguments,
        options.contextFor((id) => progress.begin(id)),
      );
    } finally {
      progress.end();
    }
  });
  const transport = new WebStandardStreamableHTTPServerTransport({ keepAliveMs: progressMs });
  await server.connect(transport);
  const leave = () => void (gone.reason instanceof ProblemError || server.close());
  gone.addEventListener('abort', leave);
  const request = new Request('http://localhost/mcp', { method: 'POST', headers: HEADERS });
  const response = await transport.handleRequest(request, { parsedBody: message });
  if (!response.ok) {
    // All else that it looks at is checked before it, or given.
    throw invalid('params._meta', 'is not as the protocol has it');
  }
  // Ours says whether the connection stays.
  response.headers.delete('Connection');
  return begun(response);
}

/** Says something at once: the head of an answer stays with Node, and with proxies, until there is more. */
function begun(response: Response): Response {
  const comment = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(': ok\n\n')),
  });
  return new Response(response.body?.pipeThrough(comment), response);
}

/** What the routes have checked already, as the transport wants to see it. */
const HEADERS = { Accept: 'application/json, text/event-stream', 'Content-Type': 'application/json' };

/** Shared: each server would make one. It would check what clients fill in for a server, and we ask for nothing. */
const jsonSchemaValidator = new AjvJsonSchemaValidator();

type Extra = Pick<Parameters<Parameters<Server['setRequestHandler']>[1]>[1], '_meta' | 'sendNotification'>;

/** Tells the client that its call goes on, so that it waits for longer than it would for a silent one. */
class Progress {
  readonly #intervalMs: number;
  readonly #extra: Extra;
  #timer: NodeJS.Timeout | undefined;
  #beats = 0;

  constructor(intervalMs: number, extra: Extra) {
    this.#intervalMs = intervalMs;
    this.#extra = extra;
  }

  begin(approvalId: string): void {
    const progressToken = this.#extra._meta?.progressToken;
    if (progressToken === undefined) {
      return;
    }
    const tell = () => {
      const progress = (this.#beats * this.#intervalMs) / 1000;
      this.#beats += 1;
      const message = `waiting for a person to decide ${approvalId}`;
      const params = { progressToken, progress, message };
      // Where nobody listens any more the call ends by itself.
      this.#extra.sendNotification({ method: 'notifications/progress', params }).catch(() => {});
    };
    tell();
    this.#timer = setInterval(tell, this.#intervalMs);
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
