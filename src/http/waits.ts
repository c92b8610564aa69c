import { Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AskedApproval } from '../host/commands.ts';
import type { HeldApproval } from '../host/held-approval.ts';
import type { Host } from '../host/host.ts';
import { newId } from '../host/ids.ts';
import type { IdempotencyKey } from '../host/journal.ts';
import type { WaitEnd } from '../host/waits.ts';
import { WAIT_TIMEOUT_DEFAULT_MS, WaitAnswer, WaitForNewApproval } from '../model/approval.ts';
import { WaitQuery } from '../model/page.ts';
import type { Actor } from '../model/session.ts';
import type { Access } from './access.ts';
import { sendJson, sendResult } from './answers.ts';
import type { App } from './app.ts';
import { asked, idempotencyKey } from './asked-approval.ts';
import { answer, changed, idIn, NoQuery, problems } from './documentation.ts';
import { actorOf, IdempotencyHeader, MinSeqHeader, requireSession, SessionHeader } from './headers.ts';
import { ProblemError, problemOf, sendProblem } from './problems.ts';
import type { WaitRoom } from './wait-room.ts';

export function waitRoutes(app: App, host: Host, access: Access, room: WaitRoom): void {
  const tags = ['approvals'];
  const description =
    '`timed_out` means only that this connection waited long enough: wait again. When the node shuts down, the answer is a 503 that carries the approval.';

  app.post(
    '/approvals/wait',
    {
      onRequest: requireSession,
      schema: {
        operationId: 'waitForNewApproval',
        tags,
        summary: 'Ask for a system-level approval and wait for the decision',
        description: `${description} Send an \`Idempotency-Key\`: the same request again joins the approval that is there.`,
        headers: Type.Object({ ...SessionHeader, ...IdempotencyHeader, ...MinSeqHeader }),
        querystring: NoQuery,
        body: WaitForNewApproval,
        response: {
          200: changed('The outcome, and the approval of the same moment.', WaitAnswer),
          ...problems(400, 413, 415, 422, 429, 503),
        },
      },
    },
    (request, reply) => {
      const by = actorOf(request, access);
      const { timeout_ms = WAIT_TIMEOUT_DEFAULT_MS, ...body } = request.body;
      const approval = asked(body, true);
      const key = idempotencyKey(request, by, approval);
      room.enter(by.principal, reply.raw);
      park(by, approval, key, timeout_ms, request, reply)
        .catch((error) => reply.send(error))
        .finally(() => room.arrived());
    },
  );

  app.get(
    '/approvals/:id/wait',
    {
      exposeHeadRoute: false,
      schema: {
        operationId: 'waitForApproval',
        tags,
        summary: 'Wait for the decision on an approval that exists',
        description,
        headers: Type.Object(MinSeqHeader),
        params: idIn('approval'),
        querystring: WaitQuery,
        response: {
          200: answer('The outcome, and the approval of the same moment.', WaitAnswer),
          ...problems(400, 404, 429, 503),
        },
      },
    },
    (request, reply) => {
      const { id } = request.params;
      const { timeout_ms = WAIT_TIMEOUT_DEFAULT_MS } = request.query;
      const enter = (known?: HeldApproval) => {
        // What is final, or unknown, is answered at once and needs no room.
        if (!host.isPending(id) || timeout_ms === 0) {
          wait(id, timeout_ms, request, reply, known).catch((error) => reply.send(error));
          return;
        }
        room.enter(access.callerOf(request).principal, reply.raw);
        wait(id, timeout_ms, request, reply, known)
          .catch((error) => reply.send(error))
          .finally(() => room.arrived());
      };
      const finding = host.find(id);
      if (finding === undefined) {
        enter();
      } else {
        finding
          .then((found) => (found === undefined ? sendUnknown(reply, id) : enter(found)))
          .catch((error) => reply.send(error));
      }
    },
  );

  async function park(
    by: Actor,
    approval: AskedApproval,
    key: IdempotencyKey | null,
    timeoutMs: number,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const id = newId('approval-', Date.now());
    const result = await host.execute({ type: 'create-approval', by, id, asked: approval, key });
    if ('refusal' in result) {
      sendResult(reply, host, result);
    } else {
      await wait(result.id, timeoutMs, request, reply);
    }
  }

  // Not awaited by the handlers: a promise of the answer would cost every parked request some kilobytes.
  async function wait(
    approvalId: string,
    timeoutMs: number,
    request: FastifyRequest,
    reply: FastifyReply,
    known?: HeldApproval,
  ): Promise<void> {
    const parked = await host.wait(approvalId, timeoutMs, (end) => tell(reply, end), known);
    if (parked === undefined) {
      sendUnknown(reply, approvalId);
    } else if (reply.raw.destroyed) {
      host.endWait(parked);
    } else if (!reply.sent) {
      const forget = access.onInvalid(request, (problem) => {
        host.endWait(parked);
        sendProblem(reply, problem);
      });
      reply.raw.on('close', () => {
        forget();
        host.endWait(parked);
      });
    }
  }

  function sendUnknown(reply: FastifyReply, approvalId: string): void {
    sendProblem(reply, problemOf({ code: 'approval-not-found', approvalId }));
  }

  function tell(reply: FastifyReply, end: WaitEnd): void {
    reply.header('Sallyport-Seq', host.seq);
    if (end.type === 'answer') {
      sendJson(reply, end.json);
    } else {
      const detail = 'this node is shutting down; wait again in a moment';
      sendProblem(reply, new ProblemError('shutting-down', detail, { approval: end.approval }));
    }
  }
}
