/* biome-ignore-all format: generated */
/** What requests and answers hold. Generated from openapi.yaml by `npm run client-types`: do not change it by hand. */

export type Actor = {
  /**
   * The name a client gives itself: 1-128 characters of `A-Z a-z 0-9 . _ : -`.
   */
  session_id: string;
  /**
   * Who the credential belongs to; null where none was needed.
   */
  principal: string | null;
} | null;
/**
 * The last decision that was passed on to the owner and is still open.
 */
export type ResolveRequested = {
  resolution: string;
  /**
   * Why, in the decider's words.
   */
  comment: string | null;
  /**
   * The name a client gives itself: 1-128 characters of `A-Z a-z 0-9 . _ : -`.
   */
  session_id: string;
  principal: string | null;
  /**
   * When it was passed on.
   */
  at: string;
} | null;

/**
 * A running AI agent as its session registered it.
 */
export interface Agent {
  /**
   * Given by the client (1-128 characters of `A-Z a-z 0-9 . _ : -`), else made by the host.
   */
  id: string;
  /**
   * For people.
   */
  name: string;
  /**
   * For example `builtin`, `external`, `declarative`.
   */
  kind: string;
  /**
   * What it can do.
   *
   * @maxItems 100
   */
  capabilities: string[];
  /**
   * What it works on, often a folder.
   */
  project: string | null;
  /**
   * The name a client gives itself: 1-128 characters of `A-Z a-z 0-9 . _ : -`.
   */
  session_id: string;
  /**
   * Who the credential belongs to; null where none was needed.
   */
  principal: string | null;
  /**
   * Its owner holds an event stream now; computed when read.
   */
  connected: boolean;
  /**
   * What the agent is doing; `idle` at registration.
   */
  status: 'idle' | 'running' | 'waiting_for_approval' | 'paused' | 'completed' | 'errored' | 'stopped';
  /**
   * What it is doing, in words.
   */
  current_task: string | null;
  /**
   * Its process id.
   */
  pid: number | null;
  display: Display;
  /**
   * When it was registered or last reported its status.
   */
  updated_at: string;
  /**
   * Any JSON the client wants to keep with the agent; null when not given.
   */
  metadata: unknown;
}
/**
 * How a dashboard shows it.
 */
export interface Display {
  label: string | null;
  icon: string | null;
  accent: string | null;
}
export interface AgentsPage {
  agents: Agent[];
  /**
   * For the next page; null at the end.
   */
  next_cursor: string | null;
}
/**
 * A question that a person answers with one of its `options`. `client_id` is the owning session; null: system-level, any session may resolve it.
 */
export interface Approval {
  /**
   * Made by the host.
   */
  id: string;
  /**
   * The agent it is about; need not be registered.
   */
  agent_id: string | null;
  /**
   * The name a client gives itself: 1-128 characters of `A-Z a-z 0-9 . _ : -`.
   */
  client_id: string | null;
  /**
   * What the agent wants to do.
   */
  action: string;
  /**
   * What the person needs to decide; null when not given.
   */
  details: unknown;
  /**
   * The answers offered; `["approve","deny"]` when not given or empty.
   *
   * @maxItems 20
   */
  options: string[];
  /**
   * The option that means yes; `approve` when not given; one of `options`.
   */
  approve_label: string;
  /**
   * A status other than `pending` is final and never changes again.
   */
  status: 'pending' | 'resolved' | 'expired' | 'cancelled';
  /**
   * Null while pending; `approved` only if `resolution` equals `approve_label`.
   */
  outcome: 'approved' | 'denied' | 'expired' | 'cancelled' | null;
  resolution: string | null;
  /**
   * Why, in the decider's words.
   */
  comment: string | null;
  /**
   * When it was created.
   */
  created_at: string;
  /**
   * Set on every final status; that of an expired one is never before `expires_at`.
   */
  resolved_at: string | null;
  /**
   * When it stops being answerable; null: never.
   */
  expires_at: string | null;
  requested_by: Actor;
  decided_by: Actor;
  resolve_requested: ResolveRequested;
}
export interface ApprovalsPage {
  approvals: Approval[];
  /**
   * For the next page; null at the end.
   */
  next_cursor: string | null;
}
export interface CancelApproval {
  /**
   * Why, in the decider's words.
   */
  comment?: string | null;
}
export interface ConnectedSession {
  /**
   * The name a client gives itself: 1-128 characters of `A-Z a-z 0-9 . _ : -`.
   */
  session_id: string;
  /**
   * Who uses the session; null where no credential is needed.
   */
  principal: string | null;
  /**
   * When its first open stream on the node began.
   */
  connected_at: string;
  /**
   * How many event streams it holds on the node.
   */
  streams: number;
  /**
   * The node that the streams are on: its machine, and four hex digits that are of one start.
   */
  node: string;
}
export interface CreateApproval {
  /**
   * The agent it is about; need not be registered.
   */
  agent_id?: string | null;
  /**
   * What the agent wants to do.
   */
  action: string;
  /**
   * What the person needs to decide; null when not given.
   */
  details?: unknown;
  /**
   * The answers offered; `["approve","deny"]` when not given or empty.
   *
   * @maxItems 20
   */
  options?: string[];
  /**
   * The option that means yes; `approve` when not given; one of `options`.
   */
  approve_label?: string;
  /**
   * True: owned by nobody, any session may resolve it.
   */
  system_level?: boolean;
  /**
   * How long it can be answered, in milliseconds; null or not given: as the service is configured.
   */
  expires_in_ms?: number | null;
}
export interface CreateToken {
  /**
   * Its principal is `token:` and this. It is given once, ever: 1-64 characters of A-Z a-z 0-9 . _ @ -, beginning with a letter or a digit and not with spt_.
   */
  name: string;
  /**
   * `viewer` reads, `agent` also asks, `operator` also decides, `admin` may do everything.
   */
  role: 'viewer' | 'agent' | 'operator' | 'admin';
  /**
   * When it ends by itself; never when not given.
   */
  expires_in_days?: number;
}
/**
 * An entry of the host's log.
 */
export interface Event {
  /**
   * Its place in the log: 1, 2, 3 ... without gaps.
   */
  seq: number;
  id: string;
  /**
   * When it was decided.
   */
  timestamp: string;
  /**
   * 1-100 characters of `a-z 0-9 . _ -`.
   */
  kind: string;
  /**
   * The agent it is about; need not be registered.
   */
  agent_id: string | null;
  /**
   * For people.
   */
  message: string;
  /**
   * Any JSON; for the kinds of the host, the agent or the approval as it became.
   */
  payload: unknown;
}
export interface EventsPage {
  events: Event[];
}
export interface FieldError {
  /**
   * The member, parameter or header; a dot leads into an object or a list.
   */
  field: string;
  /**
   * What is wrong with it.
   */
  message: string;
}
export interface Healthy {
  status: string;
}
/**
 * The first frame, `event: hello`.
 */
export interface Hello {
  /**
   * The newest event there is.
   */
  seq: number;
  /**
   * The `seq` that the stream resumes after.
   */
  resumed_from: number | null;
  /**
   * What the client asked to resume from is not kept any more, or is of another log: a snapshot follows.
   */
  gap: boolean;
  /**
   * The name a client gives itself: 1-128 characters of `A-Z a-z 0-9 . _ : -`.
   */
  session_id: string | null;
}
/**
 * In the form that the agent's program reads. `{}` is no opinion: the program goes on by its own rules.
 */
export interface HookAnswer {
  hookSpecificOutput?: {
    hookEventName: 'PreToolUse' | 'PermissionRequest';
    permissionDecision?: 'allow' | 'deny' | 'ask';
    permissionDecisionReason?: string;
    decision?: {
      behavior: 'allow' | 'deny';
      message?: string;
    };
  };
}
/**
 * The body of an agent's hook. Members that are not known here are accepted.
 */
export interface HookCall {
  /**
   * `PreToolUse` and `PermissionRequest` ask; the others tell what the agent does.
   */
  hook_event_name: string;
  /**
   * Names the agent's session, within the credential's principal.
   */
  session_id: string;
  cwd?: string | null;
  permission_mode?: string | null;
  transcript_path?: string | null;
  tool_name?: string;
  /**
   * What the tool is called with.
   */
  tool_input?: unknown;
  /**
   * The same call again joins the same approval.
   */
  tool_use_id?: string | null;
  [k: string]: unknown;
}
export interface IssuedToken {
  /**
   * Its principal is `token:` and this. It is given once, ever: 1-64 characters of A-Z a-z 0-9 . _ @ -, beginning with a letter or a digit and not with spt_.
   */
  name: string;
  /**
   * `viewer` reads, `agent` also asks, `operator` also decides, `admin` may do everything.
   */
  role: 'viewer' | 'agent' | 'operator' | 'admin';
  /**
   * Only an `active` one lets anybody in.
   */
  state: 'active' | 'expired' | 'revoked';
  /**
   * When it, or its newest secret, was made.
   */
  created_at: string;
  /**
   * When it ends by itself; null: never.
   */
  expires_at: string | null;
  /**
   * When it was ended for good; null: it was not.
   */
  revoked_at: string | null;
  /**
   * The secret, `spt_…`. It is not kept, and shown this once.
   */
  token: string;
}
/**
 * A JSON-RPC 2.0 message of the Model Context Protocol.
 */
export interface McpMessage {
  jsonrpc: '2.0';
  /**
   * Of the request; it answers with the same. A notification has none.
   */
  id?: string | number;
  /**
   * For example `tools/call`.
   */
  method: string;
  /**
   * What the method takes.
   */
  params?: {};
}
export interface Me {
  /**
   * Who the credential belongs to; null where none was needed.
   */
  principal: string | null;
  /**
   * `viewer` reads, `agent` also asks, `operator` also decides, `admin` may do everything.
   */
  role: 'viewer' | 'agent' | 'operator' | 'admin';
  /**
   * What the role may do: see docs/security.md.
   */
  permissions: string[];
  /**
   * By what the request proved who it is from; null: none is needed here.
   */
  credential: 'token' | 'jwt' | 'cookie' | null;
}
export interface Notify {
  /**
   * 1-100 characters of `a-z 0-9 . _ -`.
   */
  kind?: string;
  /**
   * The agent it is about; need not be registered.
   */
  agent_id?: string | null;
  /**
   * For people.
   */
  message?: string | null;
  /**
   * Any JSON; null when not given.
   */
  payload?: unknown;
}
/**
 * What went wrong (RFC 9457). Nothing has changed, but for `storage-unavailable`, where it may have: read, or repeat with the same key. A wait that ends with `shutting-down` carries its approval, which stays.
 */
export interface Problem {
  /**
   * `urn:sallyport:problem:` and the code.
   */
  type: string;
  /**
   * The same for every problem of this code.
   */
  title: string;
  status: number;
  /**
   * A sentence that names the thing and says what to do.
   */
  detail: string;
  /**
   * What a program should look at.
   */
  code:
    | 'validation-failed'
    | 'session-required'
    | 'unauthenticated'
    | 'forbidden'
    | 'agent-not-found'
    | 'agent-owned-by-another-session'
    | 'approval-not-found'
    | 'approval-already-final'
    | 'approval-owner-disconnected'
    | 'approval-requested-by-another-session'
    | 'mcp-session-not-found'
    | 'token-not-found'
    | 'token-name-taken'
    | 'token-ended'
    | 'token-read-only'
    | 'too-many-tokens'
    | 'resolution-not-offered'
    | 'idempotency-key-reused'
    | 'route-not-found'
    | 'method-not-allowed'
    | 'payload-too-large'
    | 'headers-too-large'
    | 'request-timeout'
    | 'unsupported-media-type'
    | 'too-many-requests'
    | 'too-many-pending-approvals'
    | 'too-many-agents'
    | 'storage-unavailable'
    | 'shutting-down'
    | 'internal-error';
  /**
   * With `validation-failed`: at least the first field.
   */
  errors?: FieldError[];
  agent?: Agent;
  approval?: Approval;
}
export interface RegisterAgent {
  /**
   * Given by the client (1-128 characters of `A-Z a-z 0-9 . _ : -`), else made by the host.
   */
  id?: string;
  /**
   * For people.
   */
  name: string;
  /**
   * For example `builtin`, `external`, `declarative`.
   */
  kind: string;
  /**
   * What it can do.
   *
   * @maxItems 100
   */
  capabilities?: string[];
  /**
   * What it works on, often a folder.
   */
  project?: string | null;
  /**
   * Its process id.
   */
  pid?: number | null;
  display?: RegisterDisplay;
  /**
   * Any JSON the client wants to keep with the agent; null when not given.
   */
  metadata?: unknown;
}
/**
 * How a dashboard shows it.
 */
export interface RegisterDisplay {
  label?: string | null;
  icon?: string | null;
  accent?: string | null;
}
export interface ResolveApproval {
  resolution: string;
  /**
   * Why, in the decider's words.
   */
  comment?: string | null;
}
export interface RotateToken {
  /**
   * When the new one ends by itself; when the old one would have, when not given.
   */
  expires_in_days?: number;
}
export interface SessionsPage {
  sessions: ConnectedSession[];
}
export interface SetAgentStatus {
  /**
   * What the agent is doing; `idle` at registration.
   */
  status: 'idle' | 'running' | 'waiting_for_approval' | 'paused' | 'completed' | 'errored' | 'stopped';
  /**
   * What it is doing, in words.
   */
  current_task?: string | null;
  /**
   * The event's message; `<name> is <status>` when not given.
   */
  message?: string | null;
  /**
   * The event's payload; the agent when null or not given.
   */
  payload?: unknown;
}
/**
 * A frame of `event: snapshot`: at most 500 rows. Filters do not apply to it.
 */
export interface Snapshot {
  /**
   * All frames of one snapshot are of the same moment.
   */
  seq: number;
  /**
   * Another frame of this snapshot follows.
   */
  more: boolean;
  /**
   * Every agent.
   */
  agents: Agent[];
  /**
   * The pending ones.
   */
  approvals: Approval[];
  /**
   * The newest 100, oldest first.
   */
  events: Event[];
}
export interface Token {
  /**
   * Its principal is `token:` and this. It is given once, ever: 1-64 characters of A-Z a-z 0-9 . _ @ -, beginning with a letter or a digit and not with spt_.
   */
  name: string;
  /**
   * `viewer` reads, `agent` also asks, `operator` also decides, `admin` may do everything.
   */
  role: 'viewer' | 'agent' | 'operator' | 'admin';
  /**
   * Only an `active` one lets anybody in.
   */
  state: 'active' | 'expired' | 'revoked';
  /**
   * When it, or its newest secret, was made.
   */
  created_at: string;
  /**
   * When it ends by itself; null: never.
   */
  expires_at: string | null;
  /**
   * When it was ended for good; null: it was not.
   */
  revoked_at: string | null;
}
export interface TokensPage {
  tokens: Token[];
}
export interface WaitAnswer {
  /**
   * `timed_out` means only that this connection waited long enough. An outcome a client does not know is not an approval.
   */
  outcome: 'approved' | 'denied' | 'expired' | 'cancelled' | 'timed_out';
  approval: Approval;
}
export interface WaitForNewApproval {
  /**
   * The agent it is about; need not be registered.
   */
  agent_id?: string | null;
  /**
   * What the agent wants to do.
   */
  action: string;
  /**
   * What the person needs to decide; null when not given.
   */
  details?: unknown;
  /**
   * The answers offered; `["approve","deny"]` when not given or empty.
   *
   * @maxItems 20
   */
  options?: string[];
  /**
   * The option that means yes; `approve` when not given; one of `options`.
   */
  approve_label?: string;
  /**
   * How long it can be answered, in milliseconds; null or not given: as the service is configured.
   */
  expires_in_ms?: number | null;
  /**
   * How long this connection waits, in milliseconds.
   */
  timeout_ms?: number;
}
export interface ListAgentsQuery {
  /**
   * What the agent is doing; `idle` at registration.
   */
  status?: 'idle' | 'running' | 'waiting_for_approval' | 'paused' | 'completed' | 'errored' | 'stopped';
  /**
   * Agents of this kind.
   */
  kind?: string;
  /**
   * Agents of this project.
   */
  project?: string;
  /**
   * Agents that can do this.
   */
  capability?: string;
  /**
   * Rows at most.
   */
  limit?: number;
  /**
   * `next_cursor` of the page before.
   */
  cursor?: string;
}
export interface ListApprovalsQuery {
  /**
   * Any of these; repeatable.
   *
   * @maxItems 50
   *
   * Items: A status other than `pending` is final and never changes again.
   */
  status?: ('pending' | 'resolved' | 'expired' | 'cancelled')[];
  /**
   * Given by the client (1-128 characters of `A-Z a-z 0-9 . _ : -`), else made by the host.
   */
  agent_id?: string;
  /**
   * A session id or a principal.
   */
  decided_by?: string;
  /**
   * Created later than this.
   */
  created_after?: string;
  /**
   * Created earlier than this.
   */
  created_before?: string;
  /**
   * By creation: newest or oldest first.
   */
  order?: 'asc' | 'desc';
  /**
   * Rows at most.
   */
  limit?: number;
  /**
   * `next_cursor` of the page before.
   */
  cursor?: string;
}
export interface WaitForApprovalQuery {
  /**
   * How long this connection waits, in milliseconds.
   */
  timeout_ms?: number;
}
export interface ListEventsQuery {
  /**
   * Events at most.
   */
  limit?: number;
  /**
   * Only events with a smaller `seq`.
   */
  before?: number;
  /**
   * Only events with a greater `seq`, oldest first.
   */
  after?: number;
  /**
   * Any of these kinds or families; repeatable.
   *
   * @maxItems 50
   *
   * Items: A kind, or with a trailing `.*` a family: `approval.*`.
   */
  kind?: string[];
  /**
   * Given by the client (1-128 characters of `A-Z a-z 0-9 . _ : -`), else made by the host.
   */
  agent_id?: string;
}
export interface StreamEventsQuery {
  /**
   * The name a client gives itself: 1-128 characters of `A-Z a-z 0-9 . _ : -`.
   */
  session_id?: string;
  /**
   * Any of these kinds or families; repeatable.
   *
   * @maxItems 50
   *
   * Items: A kind, or with a trailing `.*` a family: `approval.*`.
   */
  kind?: string[];
  /**
   * Given by the client (1-128 characters of `A-Z a-z 0-9 . _ : -`), else made by the host.
   */
  agent_id?: string;
  /**
   * Begin with everything that is open.
   */
  snapshot?: boolean;
  /**
   * Where to resume; the header `Last-Event-ID` wins.
   */
  last_event_id?: string;
}
export interface HookClaudeCodeQuery {
  /**
   * The tools that need a person, separated by commas: `Bash,Write,mcp__github__*`. Not given: all of them.
   *
   * @maxItems 50
   */
  tools?: string[];
  /**
   * How long a person has, in milliseconds. Less than the time limit of the hook.
   */
  wait_ms?: number;
  /**
   * The event that the hook is for: the form of a deny when the body cannot be read.
   */
  event?: 'PreToolUse' | 'PermissionRequest';
  /**
   * What the other tools get. `ask`: Claude Code asks its own user.
   */
  unmatched?: 'allow' | 'ask';
}
export interface HookCodexQuery {
  /**
   * The tools that need a person, separated by commas: `Bash,Write,mcp__github__*`. Not given: all of them.
   *
   * @maxItems 50
   */
  tools?: string[];
  /**
   * How long a person has, in milliseconds. Less than the time limit of the hook.
   */
  wait_ms?: number;
  /**
   * The event that the hook is for: the form of a deny when the body cannot be read.
   */
  event?: 'PreToolUse' | 'PermissionRequest';
  /**
   * The other tools go on by the rules of Codex itself: a hook cannot have it ask.
   */
  unmatched?: 'allow';
}
