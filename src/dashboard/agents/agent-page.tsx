import { useState } from 'preact/hooks';
import type { Agent } from '../../model/agent.ts';
import { Age } from '../parts/age.tsx';
import { AgentMark, nameOf } from '../parts/agent-mark.tsx';
import { Fact } from '../parts/fact.tsx';
import { JsonValue } from '../parts/json-value.tsx';
import { Loading } from '../parts/loading.tsx';
import { StrangerText } from '../parts/stranger-text.tsx';
import { agents, isReady, me, pending } from '../store.ts';
import { clock } from '../text/time.ts';
import { T } from '../texts.ts';
import { Capabilities, OwnerMark, WaitingLink } from './agent-card.tsx';
import { LastEvents } from './last-events.tsx';
import { StatusPill } from './status-pill.tsx';
import { Unregister } from './unregister.tsx';

const PENDING_MAX = 20;

/** All that is known of one agent, at an address of its own. */
export function AgentPage({ id }: { readonly id: string }) {
  if (!isReady.value) {
    return <Loading heading={T.agents.heading(id)} />;
  }
  const agent = agents.value.get(id);
  return (
    <>
      <p class="back">
        <a href="#/agents">← {T.agents.back}</a>
      </p>
      {agent === undefined ? (
        <>
          <h1>
            <StrangerText text={id} />
          </h1>
          <p class="note gone">{T.agents.unknown}</p>
        </>
      ) : (
        <Whole agent={agent} />
      )}
      <Waiting id={id} />
      <section class="section">
        <h2>{T.agents.lastEvents}</h2>
        <div class="card">
          <LastEvents id={id} />
        </div>
      </section>
    </>
  );
}

function Whole({ agent }: { readonly agent: Agent }) {
  const [isAsking, setAsking] = useState(false);
  const { id, status, updated_at, current_task, project, kind, capabilities, metadata, session_id, pid } =
    agent;
  const mayUnregister = me.value?.permissions.includes('agents.unregister-any') ?? false;
  return (
    <div class="agent-page">
      <div class="approval-title">
        <h1>
          <AgentMark id={id} />
        </h1>
        <StatusPill status={status} />
        <WaitingLink agent={agent} />
        {mayUnregister ? (
          <button type="button" class="unregister" onClick={() => setAsking(true)}>
            {T.agents.unregister}
          </button>
        ) : null}
      </div>
      <dl class="facts">
        <Fact name={T.agents.task}>
          {current_task ? <StrangerText text={current_task} /> : <span class="quiet">{T.agents.noTask}</span>}
        </Fact>
        <Fact name={T.agents.updated}>
          {clock(updated_at)} (<Age since={updated_at} />)
        </Fact>
        <Fact name={T.agents.owner}>
          <p>
            <StrangerText text={session_id} />
            {agent.principal === null ? null : (
              <>
                {', '}
                <StrangerText text={agent.principal} />
              </>
            )}
          </p>
          <OwnerMark agent={agent} />
        </Fact>
        {agent.name === nameOf(agent) ? null : (
          <Fact name={T.agents.name}>
            <StrangerText text={agent.name} />
          </Fact>
        )}
        <Fact name={T.agents.kind}>
          <StrangerText text={kind} />
        </Fact>
        {project ? (
          <Fact name={T.agents.project}>
            <StrangerText text={project} />
          </Fact>
        ) : null}
        {capabilities.length === 0 ? null : (
          <Fact name={T.agents.capabilities}>
            <Capabilities names={capabilities} max={capabilities.length} />
          </Fact>
        )}
        {pid === null ? null : <Fact name={T.agents.pid}>{pid}</Fact>}
        <Fact name={T.agents.id}>
          <code>{id}</code>
        </Fact>
        {metadata === null ? null : (
          <Fact name={T.agents.metadata}>
            <div class="json">
              <JsonValue value={metadata} depth={0} />
            </div>
          </Fact>
        )}
      </dl>
      {isAsking ? <Unregister agent={agent} onClose={() => setAsking(false)} /> : null}
    </div>
  );
}

/** What it has asked, each with a way to decide it. */
function Waiting({ id }: { readonly id: string }) {
  const asked = pending.value.filter(({ agent_id }) => agent_id === id);
  return asked.length === 0 ? null : (
    <section class="section">
      <h2>{T.agents.waiting(asked.length)}</h2>
      <ul class="plain-list">
        {asked.slice(0, PENDING_MAX).map((approval) => (
          <li key={approval.id}>
            <a href={`#/approvals/${approval.id}`}>
              <StrangerText text={approval.action} />
            </a>{' '}
            <span class="quiet">
              <Age since={approval.created_at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
