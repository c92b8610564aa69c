import { connect } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import { fastify } from 'fastify';
import { test } from 'tap';
import { ProblemError } from '../../src/http/problems.ts';
import { RequestRates } from '../../src/http/request-rates.ts';

const LIMITS = { maxRequestsPerPrincipal: 10, maxRequestsPerAddress: 10, maxRefusedPerAddress: 10 };

test('a request whose connection was cut before it was looked at is refused, and no error of ours', async (t) => {
  const app = fastify();
  await app.register(rateLimit, { global: false });
  const rates = new RequestRates(app, LIMITS, () => 'token:ann');
  const seen = Promise.withResolvers<unknown[]>();
  app.addHook('onRequest', async (request) => {
    request.socket.destroy();
    const errors = [rates.ofAddress(request), rates.ofRefused(request)].map((refused) =>
      refused.then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    seen.resolve(await Promise.all(errors));
  });
  t.teardown(() => app.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as { port: number };
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  for (const error of await seen.promise) {
    t.ok(error instanceof ProblemError);
    t.equal((error as ProblemError).code, 'request-timeout');
  }
});
