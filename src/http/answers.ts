import type { FastifyReply } from 'fastify';
import type { Outcome } from '../host/decision.ts';
import type { Result } from '../host/executor.ts';
import type { Host } from '../host/host.ts';
import { problemOf, sendProblem } from './problems.ts';

const STATUS: Record<Outcome, number> = { created: 201, changed: 200, 'passed-on': 202 };

/** Sends text that is JSON already. */
export function sendJson(reply: FastifyReply, json: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(json);
}

/** Answers a change, or its refusal. `location`: the folder that a created thing is found in. */
export function sendResult(reply: FastifyReply, host: Host, result: Result, location?: string): FastifyReply {
  if ('refusal' in result) {
    return sendProblem(reply.header('Sallyport-Seq', host.seq), problemOf(result.refusal));
  }
  reply.header('Sallyport-Seq', result.seq).code(STATUS[result.outcome]);
  if (location !== undefined && result.outcome === 'created') {
    reply.header('Location', `${location}/${result.id}`);
  }
  return sendJson(reply, result.json);
}
