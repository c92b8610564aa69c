import type { Answer, Call, Client } from '../client.ts';
import { until } from '../http/parts.ts';

export type Kind = 'claude-code' | 'codex';

/** What Claude Code sends before it uses a tool, with members that nobody here knows. */
export function toolCall(overrides: object = {}): Record<string, unknown> {
  return {
    session_id: 'sess-1',
    transcript_path: '/home/ann/.claude/projects/app/sess-1.jsonl',
    cwd: '/srv/app',
    prompt_id: 'prompt-1',
    permission_mode: 'default',
    effort: { level: 'high' },
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command: 'npm test', description: 'Run the tests' },
    tool_use_id: 'toolu_1',
    ...overrides,
  };
}

/** Of an event without an id. */
export function permissionRequest(overrides: object = {}): Record<string, unknown> {
  const { tool_use_id: _id, ...call } = toolCall();
  const permission_suggestions = [{ type: 'addRules', behavior: 'allow' }];
  return { ...call, hook_event_name: 'PermissionRequest', permission_suggestions, ...overrides };
}

export function hook(client: Client, body: unknown, query = '', kind: Kind = 'claude-code', call: Call = {}) {
  return client.post(`/hooks/${kind}${query}`, body, { session: null, ...call });
}

interface Parked {
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into approvals of every shape.
  readonly approval: any;
  readonly answer: Promise<Answer>;
}

/** Sends a hook; resolves when its question is there. `reader` sees the list. */
export async function ask(
  client: Client,
  body: unknown,
  query = '',
  kind: Kind = 'claude-code',
  reader = client,
): Promise<Parked> {
  const before = await waits(reader);
  const answer = hook(client, body, query, kind);
  await until(async () => (await waits(reader)) > before);
  return { approval: await newest(reader), answer };
}

// biome-ignore lint/suspicious/noExplicitAny: see above.
export async function newest(client: Client): Promise<any> {
  return (await client.get('/approvals?limit=1')).body.approvals[0];
}

/** How many waits are parked. */
export async function waits(client: Client): Promise<number> {
  const { text } = await client.get('/metrics');
  return Number(/^sallyport_waits (\d+)$/m.exec(text)?.[1]);
}

export function decide(client: Client, id: string, resolution: string, comment?: string): Promise<Answer> {
  return client.post(`/approvals/${id}/resolve`, { resolution, comment }, { session: 'ui' });
}

/** The kinds of all events, oldest first. */
export async function log(client: Client): Promise<string[]> {
  const { body } = await client.get('/events?after=0&limit=1000');
  return body.events.map(({ kind }: { kind: string }) => kind);
}

/** The reason of a deny in either form; undefined: it is none. */
export function denial({ status, body, headers }: Answer): string | undefined {
  const { hookSpecificOutput: output, ...rest } = body ?? {};
  if (
    status !== 200 ||
    !/^application\/json/.test(headers['content-type'] ?? '') ||
    Object.keys(rest).length > 0
  ) {
    return undefined;
  }
  if (output?.hookEventName === 'PreToolUse' && output.permissionDecision === 'deny') {
    return output.permissionDecisionReason;
  }
  const isDenied = output?.hookEventName === 'PermissionRequest' && output.decision?.behavior === 'deny';
  return isDenied ? output.decision.message : undefined;
}
