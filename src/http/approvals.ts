import { Type } from '@sinclair/typebox';
import { allows } from '../credentials/roles.ts';
import type { AskedApproval } from '../host/commands.ts';
import type { Host } from '../host/host.ts';
import { newId } from '../host/ids.ts';
import { Approval, CancelApproval, CreateApproval, ResolveApproval } from '../model/approval.ts';
import { ApprovalsPage, ApprovalsQuery } from '../model/page.ts';
import { type Access, INSUFFICIENT } from './access.ts';
import { sendJson, sendResult } from './answers.ts';
import type { App } from './app.ts';
import { asked, idempotencyKey } from './asked-approval.ts';
import type { Caller } from './caller.ts';
import type { Cursors } from './cursor.ts';
import { answer, changed, created, idIn, NoQuery, problems } from './documentation.ts';
import { actorOf, IdempotencyHeader, MinSeqHeader, requireSession, SessionHeader } from './headers.ts';
import { invalid, ProblemError, problemOf, sendProblem } from './problems.ts';

const LIMIT_DEFAULT = 50;
/** A page ends with the approval that brings it to this many characters. */
const PAGE_LENGTH_MAX = 4 * 1024 * 1024;

export function approvalRoutes(app: App, host: Host, access: Access, cursors: Cursors): void {
  const tags = ['approvals'];
  const headers = Type.Object({ ...SessionHeader, ...MinSeqHeader });

  app.post(
    '/approvals',
    {
      onRequest: requireSession,
      schema: {
        operationId: 'createApproval',
        tags,
        summary: 'Ask for an approval',
        description:
          'Send an `Idempotency-Key`: without one, a connection that breaks leaves an approval you cannot find.',
        headers: Type.Object({ ...SessionHeader, ...IdempotencyHeader, ...MinSeqHeader }),
        querystring: NoQuery,
        body: CreateApproval,
        response: {
          201: created('Created.', Approval),
          200: changed('It was there already, created with the same `Idempotency-Key`.', Approval),
          ...problems(400, 413, 415, 422, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const by = actorOf(request, access);
      const approval = asked(request.body, request.body.system_level ?? false);
      requireRightToOwn(access.callerOf(request), approval);
      const key = idempotencyKey(request, by, approval);
      const id = newId('approval-', Date.now());
      const result = await host.execute({ type: 'create-approval', by, id, asked: approval, key });
      return sendResult(reply, host, result, '/approvals');
    },
  );

  app.get(
    '/approvals',
    {
      schema: {
        operationId: 'listApprovals',
        tags,
        summary: 'List approvals, pending and history',
        description:
          'In the order of their creation, newest first unless `order` says otherwise. A page of large approvals may hold fewer than `limit` and still have a `next_cursor`.',
        headers: Type.Object(MinSeqHeader),
        querystring: ApprovalsQuery,
        response: { 200: answer('A page of approvals.', ApprovalsPage), ...problems(400, 503) },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const limit = query.limit ?? LIMIT_DEFAULT;
      const rows = await host.approvals({
        statuses: [...new Set(query.status)],
        agentId: query.agent_id ?? null,
        decidedBy: query.decided_by ?? null,
        createdAfter: timeIn(query, 'created_after'),
        createdBefore: timeIn(query, 'created_before'),
        order: query.order ?? 'desc',
        limit: limit + 1,
        maxLength: PAGE_LENGTH_MAX,
        from: cursors.read<number>('approvals', query.cursor),
      });
      const page = rows.slice(0, limit);
      const length = rows.reduce((sum, { state }) => sum + state.length, 0);
      const hasMore = rows.length > limit || length >= PAGE_LENGTH_MAX;
      const next = hasMore ? cursors.make('approvals', page.at(-1)?.createdSeq) : null;
      const texts = page.map(({ state }) => state);
      return sendJson(reply, `{"approvals":[${texts}],"next_cursor":${JSON.stringify(next)}}`);
    },
  );

  app.get(
    '/approvals/:id',
    {
      schema: {
        operationId: 'getApproval',
        tags,
        summary: 'Get an approval',
        headers: Type.Object(MinSeqHeader),
        querystring: NoQuery,
        params: idIn('approval'),
        response: { 200: answer('The approval.', Approval), ...problems(400, 404, 503) },
      },
    },
    async (request, reply) => {
      const held = await host.approval(request.params.id);
      return held === undefined
        ? sendProblem(reply, problemOf({ code: 'approval-not-found', approvalId: request.params.id }))
        : sendJson(reply, held.state);
    },
  );

  app.post(
    '/approvals/:id/resolve',
    {
      onRequest: requireSession,
      schema: {
        operationId: 'resolveApproval',
        tags,
        summary: 'Decide an approval',
        description:
          'Of any number of decisions at the same moment exactly one wins. One that another session owns is passed on to its owner.',
        headers,
        querystring: NoQuery,
        params: idIn('approval'),
        body: ResolveApproval,
        response: {
          200: changed('It is resolved.', Approval),
          202: changed('It was passed on to its owner and is still pending.', Approval),
          ...problems(400, 404, 409, 413, 415, 422, 503),
        },
      },
    },
    async (request, reply) => {
      const by = actorOf(request, access);
      const { id } = request.params;
      const { resolution, comment = null } = request.body;
      const result = await host.execute({ type: 'resolve-approval', by, id, resolution, comment });
      return sendResult(reply, host, result);
    },
  );

  app.post(
    '/approvals/:id/cancel',
    {
      onRequest: requireSession,
      schema: {
        operationId: 'cancelApproval',
        tags,
        summary: 'Take a question back',
        description: 'Only the session that asked can, or an administrator.',
        headers,
        querystring: NoQuery,
        params: idIn('approval'),
        body: CancelApproval,
        response: {
          200: changed('It is cancelled.', Approval),
          ...problems(400, 403, 404, 409, 413, 415, 503),
        },
      },
    },
    async (request, reply) => {
      const by = actorOf(request, access);
      const { comment = null } = request.body;
      const { id } = request.params;
      const result = await host.execute({
        type: 'cancel-approval',
        by,
        id,
        comment,
        asAdministrator: allows(access.callerOf(request).role, 'approvals.cancel-any'),
      });
      return sendResult(reply, host, result);
    },
  );
}

/** Who owns an approval answers it: an agent must not own the question that it asks. */
function requireRightToOwn({ role }: Caller, { system_level }: AskedApproval): void {
  if (!system_level && !allows(role, 'approvals.create-owned')) {
    throw new ProblemError(
      'forbidden',
      `the role '${role}' cannot create an approval that its own session owns and could answer; send "system_level": true`,
      { challenge: INSUFFICIENT },
    );
  }
}

function timeIn(query: ApprovalsQuery, field: 'created_after' | 'created_before'): number | null {
  const text = query[field];
  const ms = text === undefined ? null : Date.parse(text);
  if (Number.isNaN(ms)) {
    throw invalid(field, 'must be a time that exists');
  }
  return ms;
}
