import type { Agent } from '../../model/agent.ts';
import { Age } from '../parts/age.tsx';
import { AgentMark, accentOf, nameOf } from '../parts/agent-mark.tsx';
import { StrangerText } from '../parts/stranger-text.tsx';
import { T } from '../texts.ts';
import { isAway } from './agent-list.ts';
import { isOwnerConnected, opened, surroundings, toggleOpened, waiting } from './known.ts';
import { LastEvents } from './last-events.tsx';
import { StatusPill } from './status-pill.tsx';

const CAPABILITIES_MAX = 6;

interface Props {
  readonly agent: Agent;
}

/** One agent in the list, and what it did last when that is asked for. */
export function AgentCard({ agent }: Props) {
  const { id, kind, status, project, current_task, updated_at } = agent;
  const isOpen = opened.value.has(id);
  const accent = accentOf(agent);
  const isGrey = isAway(agent, surroundings);
  return (
    <div
      class={`card agent-card ${isGrey ? 'away' : ''}`}
      style={accent === null || isGrey ? {} : { borderInlineStartColor: accent }}
    >
      <header>
        <h2 id={`agent-${id}`}>
          <a href={`#/agents/${id}`}>
            <AgentMark id={id} />
          </a>
        </h2>
        <StatusPill status={status} />
        <WaitingLink agent={agent} />
        <span class="times">
          <span>
            {T.agents.updated} <Age since={updated_at} />
          </span>
        </span>
      </header>
      <p class={current_task ? 'task' : 'task quiet'}>
        {current_task ? <StrangerText text={current_task} /> : T.agents.noTask}
      </p>
      <footer>
        <OwnerMark agent={agent} />
        <span class="fact">
          <StrangerText text={kind} />
        </span>
        {project ? (
          <span class="fact project">
            <StrangerText text={project} />
          </span>
        ) : null}
        <Capabilities names={agent.capabilities} max={CAPABILITIES_MAX} />
        <button
          type="button"
          class="more expander"
          aria-expanded={isOpen}
          aria-label={T.agents.lastEventsOf(nameOf(agent))}
          onClick={() => toggleOpened(id)}
        >
          {T.agents.lastEvents}
        </button>
      </footer>
      {isOpen ? <LastEvents id={id} /> : null}
    </div>
  );
}

export function OwnerMark({ agent }: Props) {
  const isConnected = isOwnerConnected.value(agent);
  return (
    <span class={`fact owner-mark ${isConnected ? 'there' : ''}`}>
      <span class="dot" aria-hidden="true" />
      {isConnected ? T.agents.connected : T.agents.notConnected}
      {isAway(agent, surroundings) ? `, ${T.agents.away}` : ''}
    </span>
  );
}

/** To what it has asked and nobody has decided. */
export function WaitingLink({ agent }: { readonly agent: Agent }) {
  const count = waiting.value.get(agent.id) ?? 0;
  return count === 0 ? null : (
    <a
      class="waiting-link"
      href={`#/?q=${encodeURIComponent(`agent:${agent.id}`)}`}
      aria-label={T.agents.waitingOf(count, nameOf(agent))}
    >
      {T.agents.waiting(count)} →
    </a>
  );
}

export function Capabilities({ names, max }: { readonly names: readonly string[]; readonly max: number }) {
  if (names.length === 0) {
    return null;
  }
  const shown = names.slice(0, max);
  return (
    <ul class="tags" aria-label={T.agents.capabilities}>
      {shown.map((name, index) => (
        <li key={index}>
          <StrangerText text={name} />
        </li>
      ))}
      {shown.length < names.length ? (
        <li class="quiet">{T.agents.moreCapabilities(names.length - shown.length)}</li>
      ) : null}
    </ul>
  );
}
