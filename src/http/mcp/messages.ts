import { Type } from '@sinclair/typebox';
import { MCP_PARAMS, type McpMessage, McpMeta, McpProtocolVersion } from '../../model/mcp.ts';
import { invalid, type ProblemError } from '../problems.ts';
import { checkOf } from './check.ts';

const VERSIONS: readonly string[] = McpProtocolVersion.enum;
const INVALID_PARAMS = -32602;

/** Without the header it is one that had none. */
export function checkVersion(version: string | string[] | undefined): void {
  if (version !== undefined && !VERSIONS.includes(String(version))) {
    throw invalid('MCP-Protocol-Version', `must be one of ${VERSIONS.join(', ')}`);
  }
}

/** What is wrong with what a method is given, as far as it is looked at here; undefined: nothing. */
export function wrongParams({ method, params = {} }: McpMessage): ProblemError | undefined {
  try {
    checkMeta({ params });
    CHECKS.get(method)?.({ params });
    return undefined;
  } catch (error) {
    return error as ProblemError;
  }
}

const checkMeta = checkOf(Type.Object({ params: Type.Object({ _meta: Type.Optional(McpMeta) }) }));
const CHECKS = new Map(
  Object.entries(MCP_PARAMS).map(([method, params]) => [method, checkOf(Type.Object({ params }))]),
);

/** The answer of JSON-RPC to a request with wrong parameters; a notification has none. */
export function refusal({ id }: McpMessage, { message }: ProblemError): Response {
  if (id === undefined) {
    return new Response(null, { status: 202 });
  }
  const answer = { jsonrpc: '2.0', id, error: { code: INVALID_PARAMS, message } };
  const headers = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache, no-transform' };
  return new Response(`event: message\ndata: ${JSON.stringify(answer)}\n\n`, { headers });
}
