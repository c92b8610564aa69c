import type { FastifyReply } from 'fastify';
import type { HookAnswer } from '../../model/hook.ts';
import { withoutCredentials } from '../secrets.ts';

/** The programs whose hooks are known here. */
export type HookKind = 'claude-code' | 'codex';

/** What a hook is told. */
export interface Verdict {
  /** `none`: no opinion, the program goes on by its own rules. */
  readonly decision: 'allow' | 'deny' | 'ask' | 'none';
  /** For the model, and for whoever reads along. Never empty where there is a decision. */
  readonly reason: string;
  /** For figures: an outcome, a problem's code, `unmatched` or `noted`. */
  readonly outcome: string;
}

/** What the metrics count an answer by. */
export const OUTCOME_HEADER = 'Sallyport-Outcome';

/** The answer in the form of the event that asked. One that did not ask gets no opinion, whatever the verdict. */
export function answerOf(kind: HookKind, event: string, { decision, reason }: Verdict): HookAnswer {
  if (decision === 'none') {
    return {};
  }
  switch (event) {
    case 'PreToolUse':
      // Codex takes nothing but a deny, and goes on with the tool when it is answered anything else.
      return kind === 'codex' && decision !== 'deny'
        ? {}
        : {
            hookSpecificOutput: {
              hookEventName: event,
              permissionDecision: decision,
              permissionDecisionReason: reason,
            },
          };
    case 'PermissionRequest':
      // It is asked because the program is about to ask its own user.
      return decision === 'ask' ? {} : permission(decision, reason);
    default:
      return {};
  }
}

function permission(behavior: 'allow' | 'deny', message: string): HookAnswer {
  return {
    hookSpecificOutput: {
      hookEventName: 'PermissionRequest',
      decision: behavior === 'allow' ? { behavior } : { behavior, message },
    },
  };
}

/** The answer as text. What a sentence repeats may be a credential that somebody sent in the wrong place. */
export function answerJson(kind: HookKind, event: string, verdict: Verdict): string {
  return JSON.stringify(answerOf(kind, event, verdict));
}

/** The verdict of a refusal: a deny that says why. */
export function refused(outcome: string, detail: string): Verdict {
  const reason = `Sallyport refused to ask a person: ${withoutCredentials(detail)}. The tool was not run.`;
  return { decision: 'deny', reason, outcome };
}

/** Sends text that is a hook's answer. It is always 200: of any other status the program makes a yes. */
export function sendAnswer(reply: FastifyReply, json: string, outcome: string): FastifyReply {
  return reply
    .code(200)
    .header(OUTCOME_HEADER, outcome)
    .header('Cache-Control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(json);
}
