import { AgentMark } from '../parts/agent-mark.tsx';
import { Loading } from '../parts/loading.tsx';
import { StrangerText } from '../parts/stranger-text.tsx';
import { agents, isReady } from '../store.ts';
import { T } from '../texts.ts';

const SHOWN_MAX = 50;

/** Which agents there are, and what they are doing. */
export function Agents() {
  if (!isReady.value) {
    return <Loading heading={T.views.agents} />;
  }
  const all = [...agents.value.values()];
  return (
    <>
      <div class="view-head">
        <h1>
          {T.views.agents} <span class="count-badge">{all.length}</span>
        </h1>
      </div>
      <ul class="plain-list">
        {all.slice(0, SHOWN_MAX).map((agent) => (
          <li key={agent.id}>
            <AgentMark id={agent.id} /> <span class="quiet">{agent.status}</span>{' '}
            {agent.current_task === null ? null : <StrangerText text={agent.current_task} />}
          </li>
        ))}
      </ul>
    </>
  );
}
