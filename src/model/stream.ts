import { type Static, Type } from '@sinclair/typebox';
import { Agent } from './agent.ts';
import { Approval } from './approval.ts';
import { Event } from './event.ts';
import { Nullable } from './schema.ts';
import { SessionId } from './session.ts';

/** What the `data:` lines of an event stream hold, besides events. */

const Seq = Type.Integer({ minimum: 0 });

export const Hello = Type.Object(
  {
    seq: { ...Seq, description: 'The newest event there is.' },
    resumed_from: Nullable(
      Type.Integer({ minimum: 0, description: 'The `seq` that the stream resumes after.' }),
    ),
    gap: Type.Boolean({
      description:
        'What the client asked to resume from is not kept any more, or is of another log: a snapshot follows.',
    }),
    session_id: Nullable(SessionId),
  },
  {
    title: 'Hello',
    additionalProperties: false,
    description: 'The first frame, `event: hello`.',
    examples: [{ seq: 41, resumed_from: null, gap: false, session_id: 'ui-1' }],
  },
);

export type Hello = Static<typeof Hello>;

export const Snapshot = Type.Object(
  {
    seq: { ...Seq, description: 'All frames of one snapshot are of the same moment.' },
    more: Type.Boolean({ description: 'Another frame of this snapshot follows.' }),
    agents: Type.Array(Agent, { description: 'Every agent.' }),
    approvals: Type.Array(Approval, { description: 'The pending ones.' }),
    events: Type.Array(Event, { description: 'The newest 100, oldest first.' }),
  },
  {
    title: 'Snapshot',
    additionalProperties: false,
    description: 'A frame of `event: snapshot`: at most 500 rows. Filters do not apply to it.',
    examples: [{ seq: 41, more: false, agents: [], approvals: [], events: [] }],
  },
);

export type Snapshot = Static<typeof Snapshot>;

/** How the frames look, for the OpenAPI document: what a client of the stream can rely on. */
export const STREAM_DESCRIPTION = `Server-sent events. \`retry: 2000\` comes first, then \`event: hello\` (see Hello).

- Events of the log have no \`event:\` line, so \`EventSource.onmessage\` gets all of them; their \`data:\` is an Event.
- \`id:\` is the log's epoch and the \`seq\`: hand it back as it came, in \`Last-Event-ID\`. A bare \`seq\` is taken too; \`0\` is the beginning. Every kept event after it follows, then the live ones: in order, each once, none missing. If some are not kept any more, or the log is another one, \`gap\` is true and a snapshot follows.
- A snapshot (\`?snapshot=true\`, or after a gap) is one or more frames \`event: snapshot\` of the same \`seq\` (see Snapshot); only the last has an \`id:\`.
- Without either, the stream begins with the next event.
- After 15 s without a frame an \`id:\` goes out alone: it dispatches nothing and moves the client's position on. Comments may come at any time.
- A reader with more than 1 MiB of earlier turns unread, or anything for 30 s, is cut off; it reconnects and resumes. A stream also ends cleanly after about \`SALLYPORT_STREAM_MAX_AGE_MS\`.
- When the service has no room, or is shutting down, the answer is 200 with a \`retry:\`, and the end.`;

export const STREAM_EXAMPLE = `retry: 2000

id: 7f3a9c21-41
event: hello
data: {"seq":41,"resumed_from":null,"gap":false,"session_id":"ui-1"}

id: 7f3a9c21-42
data: {"seq":42,"id":"event-019ab0c5d1f27a3b9c4d5e6f","timestamp":"2026-11-23T10:15:30.123Z","kind":"host.notification","agent_id":null,"message":"Backup finished","payload":{"files":12}}

id: 7f3a9c21-42

`;
