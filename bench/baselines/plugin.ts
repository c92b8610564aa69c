import { fastify } from 'fastify';
import { FastifySSEPlugin } from 'fastify-sse-v2';

/** The baseline of open streams: bare Fastify with the plugin that Sallyport opens its streams with, and no events. */

const app = fastify().register(FastifySSEPlugin);

app.after(() => {
  app.get('/events/stream', (_request, reply) => {
    reply.sse({ comment: 'ok' });
  });
});
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`listening ${app.listeningOrigin}\n`);
process.on('SIGTERM', () => process.exit());
