import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AskedApproval } from '../../host/commands.ts';
import { Counter } from '../../host/counter.ts';
import type { Host } from '../../host/host.ts';
import { newId } from '../../host/ids.ts';
import type { IdempotencyKey } from '../../host/journal.ts';
import type { WaitEnd } from '../../host/waits.ts';
import type { Approval, WaitAnswer } from '../../model/approval.ts';
import type { Access } from '../access.ts';
import { digest, inKeyOrder } from '../asked-approval.ts';
import { ProblemError, problemOf } from '../problems.ts';
import type { WaitRoom } from '../wait-room.ts';
import { answerJson, refused, type Verdict } from './answer.ts';
import type { HookAgents, Program } from './hook-agents.ts';
import { LateAnswer } from './late-answer.ts';
import { LeftOpen } from './left-open.ts';
import { questionOf, type ToolCall } from './question.ts';
import { quietly } from './quietly.ts';
import { shuttingDown, verdictOf } from './verdict.ts';

export interface AskingContext {
  readonly host: Host;
  readonly access: Access;
  readonly agents: HookAgents;
  readonly room: WaitRoom;
  readonly maxJsonBytes: number;
  /** See `LateAnswer`. */
  readonly pulseMs: number;
  /** Counts an answer that Fastify does not see. */
  readonly onLate: (request: FastifyRequest, outcome: string) => void;
}

/** One hook that waits for a person. */
interface Asked {
  readonly program: Program;
  readonly event: string;
  /** The agent that waits, and for what. */
  readonly agentId: string | null;
  readonly action: string;
  readonly waitMs: number;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Those with the same one wait for the same approval. */
  readonly ticket: string;
  /** A digest of the session, the tool, its input and the folder. */
  readonly same: string;
}

const STOPPED_WAITING = 'the agent stopped waiting';

/** Asks people about calls of tools, and answers the programs that wait for it. */
export class Asking {
  readonly #context: AskingContext;
  /** How many wait here, or are about to, by ticket. */
  readonly #waiting = new Counter();
  readonly #leftOpen = new LeftOpen(() => performance.now());

  constructor(context: AskingContext) {
    this.#context = context;
  }

  /** Answers when it is decided; rejects with what became a problem before that. */
  async ask(
    program: Program,
    call: ToolCall,
    waitMs: number,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { host, agents, maxJsonBytes } = this.#context;
    // Looked at before anything is changed.
    const withoutAgent = questionOf(call, maxJsonBytes, waitMs);
    const { key, same } = identify(program, call);
    const left = this.#leftOpen.take(same);
    const ticket = left?.ticket ?? key?.id ?? request.id;
    this.#waiting.add(ticket);
    try {
      const agentId = await agents.appear(program);
      const question = { ...withoutAgent, agent_id: agentId };
      const isThere = left !== undefined && (await host.approval(left.approvalId)) !== undefined;
      const id = isThere ? left.approvalId : await this.#create(program, question, key);
      const { hook_event_name: event } = call;
      // All else of the body has done its part, and may be large: a wait can last for a day.
      request.body = { hook_event_name: event };
      const { action } = question;
      await this.#wait({ program, event, agentId, action, waitMs, request, reply, same, ticket }, id);
    } catch (error) {
      this.#waiting.remove(ticket);
      throw error;
    }
  }

  async #create({ by }: Program, question: AskedApproval, key: IdempotencyKey | null): Promise<string> {
    const id = newId('approval-', Date.now());
    const result = await this.#context.host.execute({
      type: 'create-approval',
      by,
      id,
      asked: question,
      key,
    });
    if (!('refusal' in result)) {
      return result.id;
    }
    if (result.refusal.code === 'idempotency-key-reused') {
      throw new ProblemError(
        'idempotency-key-reused',
        'this tool_use_id was used for another call of this session, with another tool, input or folder',
      );
    }
    throw problemOf(result.refusal);
  }

  /** Parks the hook until its approval is decided; from here on it is answered, or its client goes. */
  async #wait(asked: Asked, approvalId: string): Promise<void> {
    const { host, access, agents, pulseMs, onLate } = this.#context;
    const { program, event, agentId, action, request, reply, waitMs, ticket } = asked;
    const { raw } = reply;
    let isOver = false;
    let resume: ReturnType<HookAgents['wait']> = () => undefined;
    let forget = () => {};
    const late = new LateAnswer(reply, pulseMs, (outcome) => onLate(request, outcome));
    /** True the first time. */
    const end = () => {
      const isFirst = !isOver;
      if (isFirst) {
        isOver = true;
        late.forget();
        forget();
        this.#waiting.remove(ticket);
      }
      return isFirst;
    };
    const answer = (verdict: Verdict) => {
      if (end()) {
        resume('running');
        reply.header('Sallyport-Seq', host.seq);
        late.send(answerJson(program.kind, event, verdict), verdict.outcome);
      }
    };
    const parked = await host.wait(approvalId, waitMs, (told) => answer(this.#verdict(asked, told)));
    if (isOver) {
      return;
    }
    if (parked === undefined) {
      throw problemOf({ code: 'approval-not-found', approvalId });
    }
    const leave = () => {
      if (end()) {
        host.endWait(parked);
        resume('idle');
        this.#cancelUnlessAwaited(asked, approvalId);
      }
    };
    late.begin();
    resume = agents.wait(program, agentId, action);
    forget = access.onInvalid(request, ({ code, message }) => {
      host.endWait(parked);
      answer(refused(code, message));
    });
    if (raw.destroyed) {
      leave();
    } else {
      raw.once('close', leave);
    }
  }

  #verdict({ same, ticket, waitMs }: Asked, end: WaitEnd): Verdict {
    if (end.type === 'shutting-down') {
      return shuttingDown((JSON.parse(end.approval) as Approval).id);
    }
    const answer = JSON.parse(end.json) as WaitAnswer;
    if (answer.outcome === 'timed_out') {
      this.#leftOpen.leave(same, { approvalId: answer.approval.id, ticket });
    }
    return verdictOf(answer, waitMs);
  }

  /** Nobody would act on a decision any more. What is decided by now stays so, and so does what a node leaves that stops. */
  #cancelUnlessAwaited({ program, ticket }: Asked, id: string): void {
    if (this.#waiting.of(ticket) === 0) {
      const { by } = program;
      const command = { type: 'cancel-approval', by, id, comment: STOPPED_WAITING } as const;
      void quietly(() => this.#context.host.execute({ ...command, asAdministrator: false }));
    }
  }
}

/** Two calls with the same key are one; two that are the same ask for the same thing. */
function identify(
  { kind, by }: Program,
  { tool_name, tool_input, tool_use_id, cwd }: ToolCall,
): { key: IdempotencyKey | null; same: string } {
  const request = digest(JSON.stringify([tool_name, tool_input, cwd ?? null], inKeyOrder));
  const { principal, session_id } = by;
  // Not a key that a client could send itself: those are of three parts.
  const id = digest(JSON.stringify([principal, session_id, kind, tool_use_id]));
  return {
    key: tool_use_id === undefined || tool_use_id === null ? null : { id, request },
    same: digest(JSON.stringify([principal, session_id, request])),
  };
}
