import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { type FastifyReply, fastify } from 'fastify';
import {
  type Approval,
  CreateApproval,
  Approval as Schema,
  WaitForNewApproval,
} from '../../src/model/approval.ts';
import { create } from './approval.ts';

/** The baseline of approvals: bare Fastify routes with the same schemas, nothing durable, nothing checked beyond them. */

const app = fastify().withTypeProvider<TypeBoxTypeProvider>();
const streams = new Set<FastifyReply>();
const waiting = new Map<string, FastifyReply[]>();
const approvals = new Map<string, Approval>();
let seq = 0;

/** A write per event and stream. */
function publish(payload: object): void {
  if (streams.size === 0) {
    return;
  }
  seq += 1;
  const frame = `id: 00000000-${seq}\ndata: ${JSON.stringify({ seq, payload })}\n\n`;
  for (const { raw } of streams) {
    raw.write(frame);
  }
}

app.get('/events/stream', (_request, reply) => {
  reply.hijack();
  reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream' });
  reply.raw.write('retry: 2000\n\n');
  streams.add(reply);
  reply.raw.on('close', () => streams.delete(reply));
});
app.get('/health/live', async () => ({ status: 'ok' }));
app.post(
  '/approvals',
  { schema: { body: CreateApproval, response: { 201: Schema } } },
  async (request, reply) => {
    reply.code(201);
    const approval = create(request.body);
    publish(approval);
    return approval;
  },
);
app.post('/approvals/wait', { schema: { body: WaitForNewApproval } }, (request, reply) => {
  const approval = create(request.body);
  approvals.set(approval.id, approval);
  waiting.set(approval.id, [reply]);
});
app.get<{ Params: { id: string } }>('/approvals/:id/wait', (request, reply) => {
  const { id } = request.params;
  const replies = waiting.get(id) ?? [];
  waiting.set(id, replies);
  replies.push(reply);
});
app.get('/approvals', async () => ({ approvals: [...approvals.values()] }));
app.post<{ Params: { id: string } }>('/approvals/:id/resolve', async (request) => {
  const { id } = request.params;
  const approval = { ...approvals.get(id), status: 'resolved', outcome: 'approved' };
  approvals.delete(id);
  publish(approval);
  for (const reply of waiting.get(id) ?? []) {
    reply.send({ outcome: 'approved', approval });
  }
  waiting.delete(id);
  return approval;
});
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`listening ${app.listeningOrigin}\n`);
process.on('SIGTERM', () => process.exit());
