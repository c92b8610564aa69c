import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { fastify } from 'fastify';
import { test } from 'tap';
import { type Config, readConfig } from '../../src/config.ts';
import { accessOptions } from '../../src/credentials.ts';
import { Access } from '../../src/http/access.ts';
import { openAuthenticator } from '../credentials/parts.ts';

test('a route of which nobody has said who may use it cannot be added', async (t) => {
  const { authenticator } = await openAuthenticator(t);
  const { run } = readConfig([], {}, 'test') as { run: Config };
  const app = fastify().withTypeProvider<TypeBoxTypeProvider>();
  t.teardown(() => app.close());
  await app.register(rateLimit, { global: false });
  const access = new Access(app, accessOptions(run, authenticator));
  t.equal(access.authenticator, authenticator);
  app.get('/agents', async () => 'known');
  for (const method of ['GET', 'POST', 'OPTIONS']) {
    const route = { method, url: '/secrets', handler: async () => 'unheard of' };
    t.throws(() => app.route(route), { message: `nobody has said who may use ${method} /secrets` });
  }
  t.throws(() => app.delete('/agents', async () => ''), { message: /DELETE \/agents/ });
});
