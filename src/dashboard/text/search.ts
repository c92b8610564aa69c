import type { Agent } from '../../model/agent.ts';
import type { Approval } from '../../model/approval.ts';

/** As much of the details as is looked into. Characters. */
const DETAILS_MAX = 2000;
const AGENT = 'agent:';
const texts = new WeakMap<Approval, string>();

/** True if every word is somewhere in the approval, or is of its agent. `agent:researcher-1` is that agent and no other. */
export function isFound(approval: Approval, agent: Agent | undefined, words: readonly string[]): boolean {
  let text = texts.get(approval);
  if (text === undefined) {
    const details = JSON.stringify(approval.details).slice(0, DETAILS_MAX);
    const { action, agent_id, requested_by, id, client_id } = approval;
    text = [action, agent_id, requested_by?.session_id, requested_by?.principal, id, client_id, details]
      .join('\n')
      .toLowerCase();
    texts.set(approval, text);
  }
  const name =
    agent === undefined
      ? ''
      : `${agent.name}\n${agent.display.label ?? ''}\n${agent.project ?? ''}`.toLowerCase();
  return words.every((word) =>
    word.startsWith(AGENT)
      ? approval.agent_id?.toLowerCase() === word.slice(AGENT.length)
      : text.includes(word) || name.includes(word),
  );
}

export function wordsOf(query: string): string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}
