import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { type FastifyReply, fastify } from 'fastify';
import pg from 'pg';
import { type Approval, CreateApproval, Approval as Schema } from '../../src/model/approval.ts';
import { create } from './approval.ts';

/**
 * The baseline of several nodes: what a decision elsewhere cannot do without. Bare Fastify routes with the same schemas; one
 * call of the database that locks a head row, writes a row with a number, tells the other nodes and waits for the disk; one
 * read by whoever is told. Nothing is checked, nothing can be found again, nothing that goes wrong is noticed.
 */

const [, , url] = process.argv;
const app = fastify().withTypeProvider<TypeBoxTypeProvider>();
const approvals = new Map<string, Approval>();
const waiting = new Map<string, FastifyReply[]>();
const [writer, listener] = [new pg.Client(url), new pg.Client(url)];
let passed = 0;

function record(approval: Approval): Promise<unknown> {
  return writer.query({
    name: 'record',
    text: 'SELECT bare.record($1, $2)',
    values: [String(process.pid), JSON.stringify(approval)],
  });
}

/** Own approvals come back this way too. */
async function catchUp(): Promise<void> {
  const text = 'SELECT seq::int, state FROM bare.events WHERE seq > $1 ORDER BY seq';
  const { rows } = await listener.query<{ seq: number; state: string }>({
    name: 'read',
    text,
    values: [passed],
  });
  for (const { seq, state } of rows) {
    if (seq > passed) {
      passed = seq;
      apply(JSON.parse(state));
    }
  }
}

function apply(approval: Approval): void {
  approvals.set(approval.id, approval);
  if (approval.outcome === null) {
    return;
  }
  for (const reply of waiting.get(approval.id) ?? []) {
    reply.send({ outcome: approval.outcome, approval });
  }
  waiting.delete(approval.id);
}

app.post(
  '/approvals',
  { schema: { body: CreateApproval, response: { 201: Schema } } },
  async (request, reply) => {
    const approval = create(request.body, process.pid.toString(16));
    await record(approval);
    approvals.set(approval.id, approval);
    reply.code(201);
    return approval;
  },
);
app.get<{ Params: { id: string } }>('/approvals/:id/wait', (request, reply) => {
  const { id } = request.params;
  waiting.set(id, [...(waiting.get(id) ?? []), reply]);
  const approval = approvals.get(id);
  if (approval !== undefined) {
    apply(approval);
  }
});
app.post<{ Params: { id: string } }>('/approvals/:id/resolve', async (request) => {
  const { id } = request.params;
  if (!approvals.has(id)) {
    await catchUp();
  }
  const approval = approvals.get(id) as Approval;
  const resolved: Approval = { ...approval, status: 'resolved', outcome: 'approved', resolution: 'approve' };
  await record(resolved);
  apply(resolved);
  return resolved;
});

await Promise.all([writer.connect(), listener.connect()]);
await writer.query(`CREATE SCHEMA IF NOT EXISTS bare;
  CREATE TABLE IF NOT EXISTS bare.log (seq bigint NOT NULL) WITH (fillfactor = 10);
  INSERT INTO bare.log SELECT 0 WHERE NOT EXISTS (SELECT FROM bare.log);
  CREATE TABLE IF NOT EXISTS bare.events (seq bigint PRIMARY KEY, state text NOT NULL);
  CREATE OR REPLACE FUNCTION bare.record(by text, given text) RETURNS bigint LANGUAGE plpgsql AS $record$
  DECLARE
    head bigint;
  BEGIN
    UPDATE bare.log SET seq = seq + 1 RETURNING seq INTO head;
    INSERT INTO bare.events VALUES (head, given);
    PERFORM pg_notify('bare', by);
    RETURN head;
  END $record$`);
listener.on('notification', ({ payload }) => {
  if (payload !== String(process.pid)) {
    void catchUp();
  }
});
await listener.query('LISTEN bare');
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`listening ${app.listeningOrigin}\n`);
process.on('SIGTERM', () => process.exit());
