import { Type } from '@sinclair/typebox';
import { Agent, AgentId, AgentStatus } from './agent.js';
import { Approval, ApprovalStatus, TimeoutMs } from './approval.js';
import { Event, KindFilter } from './event.js';
import { Nullable, Time } from './schema.js';
import { ConnectedSession, SessionId } from './session.js';
/** The queries and the answers of the routes that list things. */
const strict = { additionalProperties: false };
const Limit = Type.Integer({ minimum: 1, maximum: 500, default: 50, description: 'Rows at most.' });
const Cursor = Type.String({
    minLength: 1,
    maxLength: 2000,
    description: '`next_cursor` of the page before.',
});
const NextCursor = Nullable(Type.String({ description: 'For the next page; null at the end.' }));
const Position = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
function repeatable(items, description) {
    return Type.Array(items, { maxItems: 50, description });
}
export const AgentsQuery = Type.Object({
    status: Type.Optional(AgentStatus),
    kind: Type.Optional(Type.String({ maxLength: 100, description: 'Agents of this kind.' })),
    project: Type.Optional(Type.String({ maxLength: 1000, description: 'Agents of this project.' })),
    capability: Type.Optional(Type.String({ maxLength: 100, description: 'Agents that can do this.' })),
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
}, strict);
export const AgentsPage = Type.Object({ agents: Type.Array(Agent), next_cursor: NextCursor }, { ...strict, title: 'AgentsPage', examples: [{ agents: [], next_cursor: null }] });
export const ApprovalsQuery = Type.Object({
    status: Type.Optional(repeatable(ApprovalStatus, 'Any of these; repeatable.')),
    agent_id: Type.Optional(AgentId),
    decided_by: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'A session id or a principal.' })),
    created_after: Type.Optional(Time('Created later than this.')),
    created_before: Type.Optional(Time('Created earlier than this.')),
    order: Type.Optional(Type.Unsafe({
        type: 'string',
        enum: ['asc', 'desc'],
        default: 'desc',
        description: 'By creation: newest or oldest first.',
    })),
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
}, strict);
export const ApprovalsPage = Type.Object({ approvals: Type.Array(Approval), next_cursor: NextCursor }, { ...strict, title: 'ApprovalsPage', examples: [{ approvals: [], next_cursor: null }] });
export const WaitQuery = Type.Object({ timeout_ms: Type.Optional(TimeoutMs) }, strict);
export const EventsQuery = Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Events at most.' })),
    before: Type.Optional({ ...Position, description: 'Only events with a smaller `seq`.' }),
    after: Type.Optional({ ...Position, description: 'Only events with a greater `seq`, oldest first.' }),
    kind: Type.Optional(repeatable(KindFilter, 'Any of these kinds or families; repeatable.')),
    agent_id: Type.Optional(AgentId),
}, strict);
export const EventsPage = Type.Object({ events: Type.Array(Event) }, { ...strict, title: 'EventsPage', examples: [{ events: [] }] });
export const StreamQuery = Type.Object({
    session_id: Type.Optional(SessionId),
    kind: Type.Optional(repeatable(KindFilter, 'Any of these kinds or families; repeatable.')),
    agent_id: Type.Optional(AgentId),
    snapshot: Type.Optional(Type.Boolean({ default: false, description: 'Begin with everything that is open.' })),
    last_event_id: Type.Optional(Type.String({
        description: 'Where to resume; the header `Last-Event-ID` wins.',
        examples: ['7f3a9c21-41'],
    })),
}, strict);
export const SessionsPage = Type.Object({ sessions: Type.Array(ConnectedSession) }, { ...strict, title: 'SessionsPage', examples: [{ sessions: [] }] });
