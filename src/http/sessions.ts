import type { Host } from '../host/host.ts';
import { SessionsPage } from '../model/page.ts';
import { sendJson } from './answers.ts';
import type { App } from './app.ts';
import { answer, problems } from './documentation.ts';

export function sessionRoute(app: App, host: Host): void {
  app.get(
    '/sessions',
    {
      schema: {
        operationId: 'listSessions',
        tags: ['sessions'],
        summary: 'Who is connected',
        description: 'A session is connected while it holds at least one open event stream.',
        response: { 200: answer('The connected sessions.', SessionsPage), ...problems() },
      },
    },
    async (_request, reply) => sendJson(reply, JSON.stringify({ sessions: host.presence.list() })),
  );
}
