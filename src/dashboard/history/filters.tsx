import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import { nameOf } from '../parts/agent-mark.tsx';
import { agents } from '../store.ts';
import { inWords } from '../text/visible.ts';
import { T } from '../texts.ts';
import {
  FINAL,
  type Filter,
  hashOf,
  isNarrow,
  NO_FILTER,
  SINCE,
  type Since,
  STATUSES,
  withStatus,
} from './filter.ts';

/** Names that are offered for an agent. */
const OFFERED_MAX = 200;

interface Props {
  readonly filter: Filter;
  readonly first: RefObject<HTMLInputElement | null>;
}

/** What is looked for. Each change is an address; the last one is what the Back button leaves. */
export function Filters({ filter, first }: Props) {
  const [, drawAgain] = useState(0);
  const change = (changed: Partial<Filter>) => location.replace(hashOf({ ...filter, ...changed }));
  return (
    <search aria-label={T.history.filters}>
      <form class="history-filters" onSubmit={(event) => event.preventDefault()}>
        {filter.isCharts ? null : <Statuses filter={filter} onChange={change} />}
        <label>
          <span>{T.history.since}</span>
          <select
            value={filter.since}
            onChange={(event) => change(sinceOf(event.currentTarget.value as Since))}
          >
            {SINCE.map((since) => (
              <option key={since} value={since}>
                {T.history.times[since]}
              </option>
            ))}
          </select>
        </label>
        {filter.since === 'range' ? (
          <>
            <Day name={T.history.from} value={filter.from} onChange={(from) => change({ from })} />
            <Day name={T.history.to} value={filter.to} onChange={(to) => change({ to })} />
          </>
        ) : null}
        <label>
          <span>{T.approval.agent}</span>
          <input
            ref={first}
            type="search"
            list="history-agents"
            placeholder={T.history.anyAgent}
            pattern="[A-Za-z0-9._:\-]{1,128}"
            maxLength={128}
            value={filter.agent}
            title={T.history.agentHint}
            // Who looks is offered those that there are then.
            onFocus={() => drawAgain((count) => count + 1)}
            onChange={({ currentTarget }) =>
              currentTarget.reportValidity() && change({ agent: currentTarget.value })
            }
          />
          <datalist id="history-agents">
            {[...agents.peek().values()].slice(0, OFFERED_MAX).map((agent) => (
              <option key={agent.id} value={agent.id}>
                {inWords(nameOf(agent))}
              </option>
            ))}
          </datalist>
        </label>
        <label>
          <span>{T.approval.decidedBy}</span>
          <input
            type="search"
            placeholder={T.history.anybody}
            maxLength={500}
            value={filter.by}
            onChange={(event) => change({ by: event.currentTarget.value.trim() })}
          />
        </label>
        {isNarrow(filter) ? (
          <a class="button ghost" href={hashOf({ ...NO_FILTER, isCharts: filter.isCharts })}>
            {T.history.clear}
          </a>
        ) : null}
      </form>
    </search>
  );
}

function sinceOf(since: Since): Partial<Filter> {
  return { since, from: '', to: '' };
}

interface StatusesProps {
  readonly filter: Filter;
  readonly onChange: (changed: Partial<Filter>) => void;
}

function Statuses({ filter, onChange }: StatusesProps) {
  const isAll = filter.statuses.length === STATUSES.length;
  return (
    <fieldset class="history-chips">
      <legend>{T.approval.status}</legend>
      <button
        type="button"
        class="history-chip"
        aria-pressed={isAll}
        onClick={() => onChange({ statuses: isAll ? FINAL : STATUSES })}
      >
        {T.history.all}
      </button>
      {STATUSES.map((status) => (
        <button
          key={status}
          type="button"
          class="history-chip"
          aria-pressed={filter.statuses.includes(status)}
          onClick={() => onChange({ statuses: withStatus(filter, status) })}
        >
          {T.history.statuses[status]}
        </button>
      ))}
    </fieldset>
  );
}

interface DayProps {
  readonly name: string;
  readonly value: string;
  readonly onChange: (day: string) => void;
}

function Day({ name, value, onChange }: DayProps) {
  return (
    <label>
      <span>{name}</span>
      <input type="date" value={value} onChange={(event) => onChange(event.currentTarget.value)} />
    </label>
  );
}
