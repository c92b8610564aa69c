import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import type { TSchema } from '@sinclair/typebox';
import type { AskedApproval } from '../../host/commands.ts';
import type { WaitAnswer } from '../../model/approval.ts';
import { ApproveArguments, RequestApprovalArguments } from '../../model/mcp.ts';
import { asked } from '../asked-approval.ts';
import { invalid } from '../problems.ts';
import { checkOf } from './check.ts';
import { failureText, isApproved, outcomeText } from './tool-texts.ts';

/** How a call asks its question. `key`: the client's own; undefined: it gave none. */
export type AskPerson = (approval: AskedApproval, key: string | undefined) => Promise<WaitAnswer>;

export interface ToolContext {
  readonly ask: AskPerson;
  /** The agent that the question is about. */
  readonly agentId: string;
  readonly maxJsonBytes: number;
  /** The sentence of what went wrong, for a model; what is ours to mend is logged. */
  readonly explain: (error: unknown) => string;
}

type CallTool = (args: unknown, context: ToolContext) => Promise<CallToolResult>;

/** A tool asks a person and changes nothing else; none decides. */
const ANNOTATIONS = { readOnlyHint: false, destructiveHint: false, openWorldHint: true };

export const TOOLS: readonly Tool[] = [
  {
    name: 'request_approval',
    title: 'Ask a person for approval',
    description:
      'Asks a person whether you may do something, and waits for the decision, which may take minutes or hours. Call it before you do what must not happen without a person, with everything that they need to know in `details`. The result begins with the outcome. Only the outcome "approved" allows it, and only what was asked, once. With any other result, an error included, do not do it.',
    inputSchema: schemaOf(RequestApprovalArguments),
    annotations: { ...ANNOTATIONS, title: 'Ask a person for approval', idempotentHint: false },
  },
  {
    name: 'approve',
    title: 'Permission prompt',
    description:
      'For the permission prompts of Claude Code (`--permission-prompt-tool`), not for models: asks a person whether a tool may be used. Answers {"behavior":"allow","updatedInput":…} or {"behavior":"deny","message":…} as text.',
    inputSchema: schemaOf(ApproveArguments),
    annotations: { ...ANNOTATIONS, title: 'Permission prompt', idempotentHint: false },
  },
];

/** The tools by name. Each answers whatever happens. */
export const CALLS: ReadonlyMap<string, CallTool> = new Map([
  ['request_approval', requestApproval],
  ['approve', approve],
]);

const checkRequestApproval = checkOf<RequestApprovalArguments>(RequestApprovalArguments);
const checkApprove = checkOf<ApproveArguments>(ApproveArguments);

async function requestApproval(args: unknown, context: ToolContext): Promise<CallToolResult> {
  try {
    const { idempotency_key: key, ...rest } = checkRequestApproval(args);
    refuseLong('details', rest.details ?? null, context.maxJsonBytes);
    const answer = await context.ask(asked({ ...rest, agent_id: context.agentId }, true), key);
    return { content: [text(outcomeText(answer))], structuredContent: { ...answer } };
  } catch (error) {
    return { isError: true, content: [text(failureText(context.explain(error)))] };
  }
}

/** Whatever goes wrong is a deny: what else a client makes of an error is not ours to know. */
async function approve(args: unknown, context: ToolContext): Promise<CallToolResult> {
  try {
    const { tool_name, input, tool_use_id = null } = checkApprove(args);
    const details = { tool_name, input, tool_use_id };
    refuseLong('input', details, context.maxJsonBytes);
    const action = summary(tool_name, input);
    const approval = asked({ action, details, agent_id: context.agentId }, true);
    const answer = await context.ask(approval, undefined);
    return isApproved(answer)
      ? behavior({ behavior: 'allow', updatedInput: input })
      : behavior({ behavior: 'deny', message: outcomeText(answer) });
  } catch (error) {
    return behavior({ behavior: 'deny', message: failureText(context.explain(error)) });
  }
}

function behavior(answer: object): CallToolResult {
  return { content: [text(JSON.stringify(answer))] };
}

function text(words: string) {
  return { type: 'text' as const, text: words };
}

const ACTION_MAX = 200;
/** What a tool is mostly about, by the names that Claude Code's tools have for it. */
const TOLD = ['command', 'file_path', 'notebook_path', 'path', 'url', 'query', 'pattern', 'description'];

/** One line for people; all there is to know is in `details`. */
function summary(toolName: string, input: Record<string, unknown>): string {
  const told = TOLD.map((name) => input[name]).find((value) => typeof value === 'string');
  const line = (told === undefined ? toolName : `${toolName}: ${told}`).replace(/\s+/g, ' ');
  const points = [...line];
  return points.length > ACTION_MAX ? `${points.slice(0, ACTION_MAX - 1).join('')}…` : line;
}

function refuseLong(field: string, json: unknown, maxLength: number): void {
  if (JSON.stringify(json).length > maxLength) {
    throw invalid(
      field,
      `must not be longer than ${maxLength} characters as JSON (SALLYPORT_MAX_JSON_BYTES)`,
    );
  }
}

/** A plain copy, without what TypeBox keeps in a schema for itself. */
function schemaOf(schema: TSchema): Tool['inputSchema'] {
  return JSON.parse(JSON.stringify(schema));
}
