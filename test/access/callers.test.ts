import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { type FastifyRequest, fastify } from 'fastify';
import { type Test, test } from 'tap';
import { type Config, readConfig } from '../../src/config.ts';
import { TokenFile } from '../../src/credentials/token-file.ts';
import { accessOptions } from '../../src/credentials.ts';
import { Access } from '../../src/http/access.ts';
import type { Caller } from '../../src/http/caller.ts';
import { openAuthenticator, pathsIn } from '../credentials/parts.ts';
import { bearer } from './guarded.ts';

const NO_CALLER = /^no guard has let in this [A-Z]+ .*: it has no caller$/;

/** Routes of every need, and who their requests are taken for: when they are handled, and when they are refused. */
async function open(t: Test, guarded: boolean) {
  const paths = pathsIn(t.testdir({}));
  const file = new TokenFile(paths.tokens);
  const token = guarded
    ? (await file.create({ name: 'ann', role: 'agent', expiresAt: null })).token
    : 'spt_none';
  const { authenticator } = await openAuthenticator(t, { paths });
  const { run } = readConfig([], {}, 'test') as { run: Config };
  const app = fastify().withTypeProvider<TypeBoxTypeProvider>();
  t.teardown(() => app.close());
  await app.register(rateLimit, { global: false });
  const taken: (Caller | string)[] = [];
  let access: Access | undefined;
  const take = (request: FastifyRequest) => {
    try {
      taken.push((access as Access).callerOf(request));
    } catch (error) {
      taken.push((error as Error).message);
    }
  };
  // Before the guard, and after it has refused.
  app.addHook('onRequest', async (request) => take(request));
  app.addHook('onError', async (request) => take(request));
  access = new Access(app, accessOptions(run, authenticator));
  const handler = async (request: FastifyRequest) => take(request);
  app.get('/agents', handler);
  app.get('/tokens', handler);
  app.get('/health/live', handler);
  app.get('/login', handler);
  const ask = async (url: string, headers: Record<string, string> = {}) => {
    taken.splice(0);
    const { statusCode } = await app.inject({ url, headers: { host: 'localhost', ...headers } });
    return { statusCode, taken: [...taken] };
  };
  return { ask, token };
}

test('where credentials are needed, a request that is not let in is nobody’s', async (t) => {
  const { ask, token } = await open(t, true);
  const ann = { principal: 'token:ann', role: 'agent' };
  t.match(await ask('/agents', bearer(token)), { statusCode: 200, taken: [NO_CALLER, ann] });
  for (const [path, headers] of [
    ['/agents', {}],
    ['/agents', bearer(`${token}x`)],
    ['/agents?token=a', bearer(token)],
    ['/tokens', bearer(token)],
    ['/nothing', bearer(`${token}x`)],
  ] as const) {
    const { taken } = await ask(path, headers);
    t.match(taken, [NO_CALLER, NO_CALLER], `${path} ${JSON.stringify(headers)}`);
  }
  for (const path of ['/health/live', '/login']) {
    for (const headers of [{}, bearer(token)]) {
      t.match(await ask(path, headers), { statusCode: 200, taken: [NO_CALLER, NO_CALLER] }, path);
    }
  }
});

test('in open mode, a request that is not let in is nobody’s', async (t) => {
  const { ask } = await open(t, false);
  const anyone = { principal: null, role: 'operator', authenticated: null };
  t.match(await ask('/agents'), { statusCode: 200, taken: [NO_CALLER, anyone] });
  for (const [path, headers] of [
    ['/agents', { host: 'evil.example' }],
    ['/agents', { origin: 'https://evil.example' }],
    ['/agents', { via: '1.1 proxy' }],
    ['/tokens', {}],
    ['/health/live', {}],
  ] as const) {
    t.match((await ask(path, headers)).taken, [NO_CALLER, NO_CALLER], `${path} ${JSON.stringify(headers)}`);
  }
});
