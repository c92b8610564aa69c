import { Type } from '@sinclair/typebox';
import type { Host } from '../host/host.ts';
import { SessionsPage } from '../model/page.ts';
import { sendJson } from './answers.ts';
import type { App } from './app.ts';
import { answer, NoQuery, problems } from './documentation.ts';
import { MinSeqHeader } from './headers.ts';

export function sessionRoute(app: App, host: Host): void {
  app.get(
    '/sessions',
    {
      schema: {
        operationId: 'listSessions',
        tags: ['sessions'],
        summary: 'Who is connected',
        description:
          'A session is connected while it holds at least one open event stream. One that has streams on several nodes is there once for each of them.',
        headers: Type.Object(MinSeqHeader),
        querystring: NoQuery,
        response: { 200: answer('The connected sessions.', SessionsPage), ...problems(400, 503) },
      },
    },
    async (_request, reply) => sendJson(reply, JSON.stringify({ sessions: await host.presence.list() })),
  );
}
