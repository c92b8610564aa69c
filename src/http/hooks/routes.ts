import { type TSchema, Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Host } from '../../host/host.ts';
import {
  ClaudeCodeQuery,
  CodexQuery,
  HOOK_WAIT_DEFAULT_MS,
  HookAnswer,
  HookCall,
  type HookQuery,
  QUESTION_EVENTS,
} from '../../model/hook.ts';
import type { Access } from '../access.ts';
import type { App } from '../app.ts';
import { answer } from '../documentation.ts';
import { MinSeqHeader } from '../headers.ts';
import type { Metrics } from '../metrics.ts';
import type { WaitRoom } from '../wait-room.ts';
import { answerJson, type HookKind, OUTCOME_HEADER, sendAnswer, type Verdict } from './answer.ts';
import { Asking } from './asking.ts';
import { HOOK_BODY_MAX_BYTES, readHookBodies } from './body.ts';
import { HookAgents, type Program } from './hook-agents.ts';
import { toolCallIn } from './question.ts';
import { needsPerson } from './tool-filter.ts';

export interface HookOptions {
  readonly host: Host;
  readonly access: Access;
  readonly room: WaitRoom;
  readonly metrics: Metrics;
  readonly maxJsonBytes: number;
  readonly pulseMs: number;
}

interface Hook {
  readonly kind: HookKind;
  readonly title: string;
  readonly operationId: string;
  readonly query: TSchema;
}

const HOOKS: readonly Hook[] = [
  { kind: 'claude-code', title: 'Claude Code', operationId: 'hookClaudeCode', query: ClaudeCodeQuery },
  { kind: 'codex', title: 'Codex', operationId: 'hookCodex', query: CodexQuery },
];

/** The hooks of agents: they ask by what they send anyway, and go on when they are answered. */
export function hookRoutes(app: App, options: HookOptions): void {
  const { host, access, metrics } = options;
  const agents = new HookAgents(host);
  const onLate = (request: FastifyRequest, outcome: string) => {
    const route = String(request.routeOptions.url);
    metrics.onAnswer(request.method, route, 200);
    metrics.onHookAnswer(route, outcome);
  };
  const asking = new Asking({ ...options, agents, onLate });
  readHookBodies(app);
  app.addHook('onSend', (request, reply, payload, done) => {
    metrics.onHookAnswer(String(request.routeOptions.url), String(reply.getHeader(OUTCOME_HEADER)));
    done(null, payload);
  });

  for (const { kind, title, operationId, query: querystring } of HOOKS) {
    app.post(
      `/hooks/${kind}`,
      {
        bodyLimit: HOOK_BODY_MAX_BYTES,
        schema: {
          operationId,
          tags: ['hooks'],
          summary: `Decide on what ${title} is about to do`,
          description: `For a hook of ${title}. Waits until a person has decided. Every refusal is a 200 with a deny that says why, because the program goes on with the tool when its hook fails. White space may come before the JSON. A body may have 10 MiB.`,
          headers: Type.Object(MinSeqHeader),
          querystring,
          body: HookCall,
          response: { 200: answer('The decision, or why there is none.', HookAnswer) },
        },
      },
      (request, reply) => {
        const call = request.body as HookCall;
        const { principal } = access.callerOf(request);
        const by = { session_id: `${kind}:${call.session_id}`, principal };
        take({ kind, title, by, cwd: call.cwd ?? null }, call, request, reply);
      },
    );
  }

  function take(program: Program, body: HookCall, request: FastifyRequest, reply: FastifyReply): void {
    const { tools, unmatched = 'ask', wait_ms = HOOK_WAIT_DEFAULT_MS } = request.query as HookQuery;
    const event = body.hook_event_name;
    const say = (verdict: Verdict) =>
      sendAnswer(reply, answerJson(program.kind, event, verdict), verdict.outcome);
    if (!(QUESTION_EVENTS as readonly string[]).includes(event)) {
      agents.note(program, event).then(() => say(NOTED));
      return;
    }
    const call = toolCallIn(body);
    if (!needsPerson(tools, call.tool_name)) {
      say({
        decision: unmatched,
        reason: `no person is asked about '${call.tool_name}'`,
        outcome: 'unmatched',
      });
      return;
    }
    options.room.enter(program.by.principal, reply.raw);
    asking
      .ask(program, call, wait_ms, request, reply)
      .catch((error) => reply.send(error))
      .finally(() => options.room.arrived());
  }
}

const NOTED: Verdict = { decision: 'none', reason: '', outcome: 'noted' };
