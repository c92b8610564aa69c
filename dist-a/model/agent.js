import { Type } from '@sinclair/typebox';
import { Json, Nullable, Time, Words } from './schema.js';
import { NAME_PATTERN, Principal, SessionId } from './session.js';
export const AGENT_STATUSES = [
    'idle',
    'running',
    'waiting_for_approval',
    'paused',
    'completed',
    'errored',
    'stopped',
];
export const AgentStatus = Words(AGENT_STATUSES, {
    description: 'What the agent is doing; `idle` at registration.',
});
export const AgentId = Type.String({
    pattern: NAME_PATTERN,
    description: 'Given by the client (1-128 characters of `A-Z a-z 0-9 . _ : -`), else made by the host.',
    examples: ['researcher-1'],
});
/** The agent that something is about. */
export const AboutAgent = Type.String({
    pattern: NAME_PATTERN,
    description: 'The agent it is about; need not be registered.',
    examples: ['researcher-1'],
});
const Name = Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'For people.',
    examples: ['Researcher'],
});
const Kind = Type.String({
    minLength: 1,
    maxLength: 100,
    description: 'For example `builtin`, `external`, `declarative`.',
    examples: ['builtin'],
});
const Capabilities = Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
    maxItems: 100,
    description: 'What it can do.',
    examples: [['search']],
});
const Project = Nullable(Type.String({ maxLength: 1000, description: 'What it works on, often a folder.' }));
const Pid = Nullable(Type.Integer({
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Its process id.',
}));
const Metadata = Json('Any JSON the client wants to keep with the agent; null when not given.');
const CurrentTask = Nullable(Type.String({ maxLength: 1000, description: 'What it is doing, in words.' }));
const Label = Nullable(Type.String({ maxLength: 1000 }));
const DISPLAY = { label: Label, icon: Label, accent: Label };
export const Display = Type.Object(DISPLAY, {
    title: 'Display',
    additionalProperties: false,
    description: 'How a dashboard shows it.',
    examples: [{ label: 'Research Lead', icon: 'magnifying-glass', accent: '#0a84ff' }],
});
const AGENT_EXAMPLE = {
    id: 'researcher-1',
    name: 'Researcher',
    kind: 'builtin',
    capabilities: ['search'],
    project: '/srv/app',
    session_id: 'client-1',
    principal: null,
    connected: true,
    status: 'idle',
    current_task: null,
    pid: 4711,
    display: { label: 'Research Lead', icon: 'magnifying-glass', accent: '#0a84ff' },
    updated_at: '2026-11-23T10:15:30.123Z',
    metadata: null,
};
export const Agent = Type.Object({
    id: AgentId,
    name: Name,
    kind: Kind,
    capabilities: Capabilities,
    project: Project,
    session_id: SessionId,
    principal: Principal,
    connected: Type.Boolean({ description: 'Its owner holds an event stream now; computed when read.' }),
    status: AgentStatus,
    current_task: CurrentTask,
    pid: Pid,
    display: Display,
    updated_at: Time('When it was registered or last reported its status.'),
    metadata: Metadata,
}, {
    title: 'Agent',
    additionalProperties: false,
    description: 'A running AI agent as its session registered it.',
    examples: [AGENT_EXAMPLE],
});
/** Reads an agent from the log. One that is older than credentials has no principal in its text. */
export function agentFrom(json) {
    const agent = JSON.parse(json);
    agent.principal ??= null;
    return agent;
}
export const RegisterAgent = Type.Object({
    id: Type.Optional(AgentId),
    name: Name,
    kind: Kind,
    capabilities: Type.Optional(Capabilities),
    project: Type.Optional(Project),
    pid: Type.Optional(Pid),
    display: Type.Optional(Type.Partial(Display, { title: 'RegisterDisplay', additionalProperties: false })),
    metadata: Type.Optional(Metadata),
}, {
    title: 'RegisterAgent',
    additionalProperties: false,
    examples: [{ id: 'researcher-1', name: 'Researcher', kind: 'builtin', capabilities: ['search'] }],
});
export const SetAgentStatus = Type.Object({
    status: AgentStatus,
    current_task: Type.Optional(CurrentTask),
    message: Type.Optional(Nullable(Type.String({
        maxLength: 1000,
        description: "The event's message; `<name> is <status>` when not given.",
    }))),
    payload: Type.Optional(Json("The event's payload; the agent when null or not given.")),
}, {
    title: 'SetAgentStatus',
    additionalProperties: false,
    examples: [{ status: 'running', current_task: 'Collect facts' }],
});
