import type { AgentStatus } from '../../model/agent.ts';
import { T } from '../texts.ts';

/** A colour and a word: neither is all that tells. */
export function StatusPill({ status }: { readonly status: AgentStatus }) {
  return (
    <span class={`pill of-${status}`}>
      <span class="dot" aria-hidden="true" />
      {T.agents.statuses[status] ?? status}
    </span>
  );
}
