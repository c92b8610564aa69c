import type { Approval } from '../../model/approval.ts';
import { Age, TimeLeft } from '../parts/age.tsx';
import { AgentMark } from '../parts/agent-mark.tsx';
import { Details } from '../parts/details.tsx';
import { StrangerText } from '../parts/stranger-text.tsx';
import { mayDecide } from '../store.ts';
import { T } from '../texts.ts';
import { Decision } from './decision.tsx';
import { farewells } from './farewells.ts';
import { selected, toggleSelected } from './selection.ts';

/** One approval in the inbox; and for a moment, when it is decided, what became of it. */
export function Card({ approval }: { readonly approval: Approval }) {
  const { id, agent_id, action, details, created_at, expires_at, requested_by } = approval;
  const farewell = farewells.value.get(id);
  return (
    <div class={`card ${farewell === undefined ? '' : `leaving ${approval.outcome ?? ''}`}`}>
      <header>
        {farewell === undefined && mayDecide.value ? (
          <input
            type="checkbox"
            checked={selected.value.has(id)}
            aria-label={T.card.select(action)}
            onChange={() => toggleSelected(id)}
          />
        ) : null}
        <AgentMark id={agent_id} />
        <span class="times">
          <Age since={created_at} />
          {expires_at === null ? null : <TimeLeft until={expires_at} />}
        </span>
      </header>
      <h2 id={`action-${id}`}>
        <a href={`#/approvals/${id}`}>
          <StrangerText text={action} />
        </a>
      </h2>
      <p class="quiet asked-by">{T.card.by(T.who(requested_by))}</p>
      <Details value={details} />
      {/* As high as what it replaces, so that nothing moves under the pointer. */}
      {farewell === undefined ? (
        <Decision approval={approval} />
      ) : (
        <p class="farewell">{farewell.sentence}</p>
      )}
    </div>
  );
}
