import { Type } from '@sinclair/typebox';
import { SessionsPage } from '../model/page.js';
import { sendJson } from './answers.js';
import { answer, NoQuery, problems } from './documentation.js';
import { MinSeqHeader } from './headers.js';
export function sessionRoute(app, host) {
    app.get('/sessions', {
        schema: {
            operationId: 'listSessions',
            tags: ['sessions'],
            summary: 'Who is connected',
            description: 'A session is connected while it holds at least one open event stream. One that has streams on several nodes is there once for each of them.',
            headers: Type.Object(MinSeqHeader),
            querystring: NoQuery,
            response: { 200: answer('The connected sessions.', SessionsPage), ...problems(400, 503) },
        },
    }, async (_request, reply) => sendJson(reply, JSON.stringify({ sessions: await host.presence.list() })));
}
