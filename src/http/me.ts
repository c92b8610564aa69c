import { allows, PERMISSIONS, type Permission } from '../credentials/roles.ts';
import { Me } from '../model/me.ts';
import type { Access } from './access.ts';
import { sendJson } from './answers.ts';
import type { App } from './app.ts';
import { answer, NoQuery, problems } from './documentation.ts';

export function meRoute(app: App, access: Access): void {
  app.get(
    '/me',
    {
      schema: {
        operationId: 'getMe',
        tags: ['credentials'],
        summary: 'Who you are here, and what you may do',
        querystring: NoQuery,
        response: { 200: answer('Who sent the request.', Me), ...problems() },
      },
    },
    async (request, reply) => {
      const { principal, role, authenticated } = access.callerOf(request);
      const all = Object.keys(PERMISSIONS) as Permission[];
      const permissions = all.filter((permission) => allows(role, permission));
      const me: Me = { principal, role, permissions, credential: authenticated?.source ?? null };
      return sendJson(reply.header('Cache-Control', 'no-store'), JSON.stringify(me));
    },
  );
}
