import { Type } from '@sinclair/typebox';
import { AboutAgent } from './agent.js';
import { Json, Nullable, Time } from './schema.js';
export const NOTIFICATION_KIND = 'host.notification';
export const KIND_PATTERN = '^[a-z0-9._-]{1,100}$';
export const KIND_FILTER_PATTERN = '^(?=.{1,102}$)[a-z0-9._-]{1,100}(\\.\\*)?$';
export const EventKind = Type.String({
    pattern: KIND_PATTERN,
    description: '1-100 characters of `a-z 0-9 . _ -`.',
    examples: ['approval.requested'],
});
/** A kind, or a family of kinds: `approval.*`. */
export const KindFilter = Type.String({
    pattern: KIND_FILTER_PATTERN,
    description: 'A kind, or with a trailing `.*` a family: `approval.*`.',
    examples: ['approval.*'],
});
const Message = Type.String({
    maxLength: 1000,
    description: 'For people.',
    examples: ['Approval requested: Run tests'],
});
export const Event = Type.Object({
    seq: Type.Integer({ minimum: 1, description: 'Its place in the log: 1, 2, 3 ... without gaps.' }),
    id: Type.String({ pattern: '^event-[0-9a-f]{12,}$' }),
    timestamp: Time('When it was decided.'),
    kind: EventKind,
    agent_id: Nullable(AboutAgent),
    message: Message,
    payload: Json('Any JSON; for the kinds of the host, the agent or the approval as it became.'),
}, {
    title: 'Event',
    additionalProperties: false,
    description: "An entry of the host's log.",
    examples: [
        {
            seq: 42,
            id: 'event-019ab0c5d1f27a3b9c4d5e6f',
            timestamp: '2026-11-23T10:15:30.123Z',
            kind: 'host.notification',
            agent_id: null,
            message: 'Backup finished',
            payload: { files: 12 },
        },
    ],
});
export const Notify = Type.Object({
    kind: Type.Optional({ ...EventKind, default: NOTIFICATION_KIND, examples: ['deploy.started'] }),
    agent_id: Type.Optional(Nullable(AboutAgent)),
    message: Type.Optional(Nullable(Message)),
    payload: Type.Optional(Json('Any JSON; null when not given.')),
}, {
    title: 'Notify',
    additionalProperties: false,
    examples: [{ kind: 'deploy.started', message: 'Deploying 1.4.2', payload: { version: '1.4.2' } }],
});
/** True for the kinds that only the host records: `agent.`, `approval.`, `session.` and every other `host.`. */
export function isReservedKind(kind) {
    return kind !== NOTIFICATION_KIND && /^(agent|approval|session|host)\./.test(kind);
}
