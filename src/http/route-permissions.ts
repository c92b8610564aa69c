import type { Permission } from '../credentials/roles.ts';

/**
 * What a route needs. `open`: nothing at all. `sign-in`: no credential, as it is there to get one; all else that is asked
 * of a request.
 */
export type Need = Permission | 'open' | 'sign-in';

/**
 * What each route needs: the one table. `POST /approvals` needs more for an approval that is not system-level, and an
 * administrator may do more with what others made; both depend on what is asked, so the routes see to it.
 */
const NEEDS: Readonly<Record<string, Need>> = {
  'POST /agents': 'agents.write',
  'GET /agents': 'read',
  'GET /agents/:id': 'read',
  'PUT /agents/:id/status': 'agents.write',
  'DELETE /agents/:id': 'agents.write',
  'POST /approvals': 'approvals.create-system-level',
  'GET /approvals': 'read',
  'GET /approvals/:id': 'read',
  'POST /approvals/:id/resolve': 'approvals.resolve',
  'POST /approvals/:id/cancel': 'approvals.cancel-own',
  'POST /approvals/wait': 'approvals.wait',
  'GET /approvals/:id/wait': 'read',
  'POST /mcp': 'approvals.wait',
  'POST /events': 'events.notify',
  'GET /events': 'read',
  'GET /events/stream': 'read',
  'GET /sessions': 'read',
  'GET /me': 'read',
  'GET /tokens': 'tokens',
  'POST /tokens': 'tokens',
  'GET /tokens/:name': 'tokens',
  'POST /tokens/:name/rotate': 'tokens',
  'DELETE /tokens/:name': 'tokens',
  // Registering agents, reporting on them and cancelling what was asked are for the same roles.
  'POST /hooks/claude-code': 'approvals.wait',
  'POST /hooks/codex': 'approvals.wait',
  'GET /metrics': 'read',
  'GET /openapi.json': 'read',
  'GET /openapi.yaml': 'read',
  'GET /': 'read',
  'GET /assets/:file': 'read',
  'GET /health/live': 'open',
  'GET /health/ready': 'open',
  'GET /login': 'sign-in',
  'GET /login.js': 'sign-in',
  'GET /login.css': 'sign-in',
  'POST /login': 'sign-in',
  'POST /logout': 'read',
};

/** What a route needs; undefined: nobody has thought of it, and it must not be there. */
export function needOf(method: string, url: string): Need | undefined {
  // The pages of the documentation come from a plugin.
  if (url === '/docs' || url.startsWith('/docs/')) {
    return 'read';
  }
  return NEEDS[`${method === 'HEAD' ? 'GET' : method} ${url}`];
}
