import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { type Access, INVALID_TOKEN } from './access.ts';
import type { App } from './app.ts';
import { clearCookie, cookieOf, requireOwnOrigin, setCookie } from './cookie.ts';
import { NoQuery, problems } from './documentation.ts';
import { PAGE, SCRIPT, STYLE } from './login-page.ts';
import { PAGE_HEADERS } from './pages.ts';
import { ProblemError } from './problems.ts';

const Login = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 8192, description: 'A token, as it was made.' }) },
  { additionalProperties: false, examples: [{ token: 'spt_…' }] },
);

/** Browsers sign in with a token and get a cookie, which no script can read. */
export function loginRoutes(app: App, access: Access, publicOrigin: string | null): void {
  const tags = ['credentials'];

  app.get(
    '/login',
    {
      helmet: PAGE_HEADERS,
      schema: {
        operationId: 'getLoginPage',
        tags,
        security: [],
        summary: 'A page to sign in on',
        response: {
          200: { description: 'The page.', content: { 'text/html': { schema: Type.String() } } },
          ...problems(),
        },
      },
    },
    async (_request, reply) => reply.type('text/html; charset=utf-8').send(PAGE),
  );
  app.get('/login.js', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(SCRIPT),
  );
  app.get('/login.css', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(STYLE),
  );

  app.post(
    '/login',
    {
      schema: {
        operationId: 'login',
        tags,
        security: [],
        summary: 'Sign a browser in',
        description:
          'Sets a cookie that is good for 12 h, or for as long as the token is. Requests that carry it and change something need an `Origin` of the service itself. A browser that is signed in already is signed out first.',
        querystring: NoQuery,
        body: Login,
        response: {
          204: { description: 'Signed in.', type: 'null', headers: SET_COOKIE },
          ...problems(413, 415, 503),
        },
      },
    },
    async (request, reply) => {
      // Who is no browser sends none.
      if (request.headers.origin !== undefined) {
        requireOwnOrigin(request, publicOrigin);
      }
      const { cookie, expiresAt } = await signIn(access, request, request.body.token);
      setCookie(request, reply, cookie, expiresAt);
      return reply.code(204).send();
    },
  );

  app.post(
    '/logout',
    {
      schema: {
        operationId: 'logout',
        tags,
        summary: 'Sign a browser out',
        description: 'Its cookie ends, and with it every stream and wait that it opened.',
        querystring: NoQuery,
        response: {
          204: { description: 'Signed out.', type: 'null', headers: SET_COOKIE },
          ...problems(413, 415, 503),
        },
      },
    },
    async (request, reply) => {
      const cookie = cookieOf(request);
      if (cookie !== undefined) {
        await access.authenticator.logout(cookie);
      }
      clearCookie(request, reply);
      return reply.code(204).send();
    },
  );
}

const SET_COOKIE = { 'Set-Cookie': Type.String({ description: 'HttpOnly, SameSite=Strict.' }) };

async function signIn(
  access: Access,
  request: FastifyRequest,
  token: string,
): Promise<{ cookie: string; expiresAt: number }> {
  const found = await access.authenticator.login(token, cookieOf(request)).catch((error: Error) => {
    throw new ProblemError('storage-unavailable', `the sign-in could not be kept: ${error.message}`);
  });
  if (found === 'too-many') {
    throw new ProblemError(
      'too-many-requests',
      'as many browsers are signed in as may be; sign one out first',
    );
  }
  if ('refused' in found) {
    await access.countRefused(request);
    throw new ProblemError('unauthenticated', found.sentence, { challenge: INVALID_TOKEN });
  }
  return found;
}
