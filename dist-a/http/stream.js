import { Type } from '@sinclair/typebox';
import { Event } from '../model/event.js';
import { StreamQuery } from '../model/page.js';
import { Hello, Snapshot, STREAM_DESCRIPTION, STREAM_EXAMPLE } from '../model/stream.js';
import { parsePosition } from '../streams/position.js';
import { problems } from './documentation.js';
import { checkSessionName, MinSeqHeader } from './headers.js';
import { invalid } from './problems.js';
export function streamRoute(app, hub, access, metrics) {
    app.get('/events/stream', {
        exposeHeadRoute: false,
        schema: {
            operationId: 'streamEvents',
            tags: ['events'],
            summary: 'Everything that happens, live',
            description: STREAM_DESCRIPTION,
            headers: Type.Object({
                'X-Session-Id': Type.Optional(Type.String({ description: 'The session the stream counts for.' })),
                'Last-Event-ID': Type.Optional(Type.String({ description: 'The last `id:` you saw.', examples: ['7f3a9c21-41'] })),
                ...MinSeqHeader,
            }),
            querystring: StreamQuery,
            response: {
                200: {
                    description: 'The stream.',
                    content: {
                        'text/event-stream': {
                            schema: Type.String(),
                            example: STREAM_EXAMPLE,
                            'x-data': { hello: Hello, snapshot: Snapshot, message: Event },
                        },
                    },
                },
                ...problems(400, 503),
            },
        },
    }, (request, reply) => {
        const { kind = [], agent_id = null, snapshot = false } = request.query;
        const session = sessionOf(request, request.query);
        const { principal } = access.callerOf(request);
        const actor = session === null ? null : { session_id: session, principal };
        const resumeFrom = positionOf(request, request.query);
        openStream(reply.header('X-Accel-Buffering', 'no'));
        metrics.onAnswer('GET', '/events/stream', 200);
        const filter = { kinds: kind, agentId: agent_id };
        const cut = hub.open(reply.raw, { filter, actor, principal, resumeFrom, snapshot });
        // Not a clean end, which a reader that takes nothing more could delay.
        reply.raw.on('close', access.onInvalid(request, cut));
    });
}
/**
 * The plugin writes the head and `retry:`; what follows goes straight to the connection. It also pipes into the response
 * what it might be given later, through a chain of streams and iterators that would stay as long as the client does, and
 * take nearly half of the memory of a stream: that is let go at once.
 */
function openStream(reply) {
    reply.raw.once('pipe', (source) => source.unpipe(reply.raw));
    reply.sse({ comment: 'ok' });
    reply.sseContext.source.end();
    Object.assign(reply, { sseContext: undefined });
}
/** Browsers' `EventSource` cannot set a header, so the query may name the session too. Null: none. */
function sessionOf(request, query) {
    const header = request.headers['x-session-id'];
    if (header === undefined || header === '') {
        return query.session_id ?? null;
    }
    const name = checkSessionName(String(header), 'X-Session-Id');
    if (query.session_id !== undefined && query.session_id !== name) {
        throw invalid('session_id', 'differs from the header X-Session-Id; send one of them');
    }
    return name;
}
/** The header wins: an `EventSource` that connects again sends it, and its URL is still the old one. */
function positionOf(request, query) {
    const header = request.headers['last-event-id'];
    const [text, field] = header ? [String(header), 'Last-Event-ID'] : [query.last_event_id, 'last_event_id'];
    if (text === undefined) {
        return null;
    }
    const position = parsePosition(text);
    if (position === undefined) {
        throw invalid(field, 'must be an id of this stream, such as 7f3a9c21-41, or a seq');
    }
    return position;
}
