import { Type } from '@sinclair/typebox';
import { eventJson } from '../host/journal.js';
import { Event, isReservedKind, NOTIFICATION_KIND, Notify } from '../model/event.js';
import { EventsPage, EventsQuery } from '../model/page.js';
import { sendJson, sendResult } from './answers.js';
import { answer, changed, NoQuery, problems } from './documentation.js';
import { MinSeqHeader, requireSession, SessionHeader } from './headers.js';
import { invalid } from './problems.js';
const LIMIT_DEFAULT = 100;
/** A page ends with the event that brings it to this many characters. */
const PAGE_LENGTH_MAX = 4 * 1024 * 1024;
export function eventRoutes(app, host) {
    const tags = ['events'];
    app.post('/events', {
        onRequest: requireSession,
        schema: {
            operationId: 'notify',
            tags,
            summary: 'Record an event of your own',
            description: 'Kinds that start with `agent.`, `approval.`, `session.` or `host.` are reserved, but for `host.notification`.',
            headers: Type.Object({ ...SessionHeader, ...MinSeqHeader }),
            querystring: NoQuery,
            body: Notify,
            response: { 201: changed('The event.', Event), ...problems(400, 413, 415, 503) },
        },
    }, async (request, reply) => {
        const { kind = NOTIFICATION_KIND, agent_id, message, payload } = request.body;
        if (isReservedKind(kind)) {
            throw invalid('kind', `'${kind}' is reserved for the host; choose a name of your own`);
        }
        const result = await host.execute({
            type: 'notify',
            kind,
            agentId: agent_id ?? null,
            message: message ?? kind,
            payload: payload ?? null,
        });
        return sendResult(reply, host, result);
    });
    app.get('/events', {
        schema: {
            operationId: 'listEvents',
            tags,
            summary: 'Read the log',
            description: 'Newest first; with `after` oldest first. A page of large events may hold fewer than `limit`: go on from the last `seq`; an empty page is the end.',
            headers: Type.Object(MinSeqHeader),
            querystring: EventsQuery,
            response: { 200: answer('A page of events.', EventsPage), ...problems(400, 503) },
        },
    }, async (request, reply) => {
        const { after, before, kind, agent_id, limit } = request.query;
        const { events } = await host.events({
            after: after ?? 0,
            before: before ?? null,
            order: after === undefined ? 'desc' : 'asc',
            limit: limit ?? LIMIT_DEFAULT,
            maxLength: PAGE_LENGTH_MAX,
            kinds: [...new Set(kind)],
            agentId: agent_id ?? null,
        });
        return sendJson(reply, `{"events":[${events.map(eventJson)}]}`);
    });
}
