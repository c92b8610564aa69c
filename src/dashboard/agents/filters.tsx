import type { RefObject } from 'preact';
import { FilterBox } from '../parts/filter-box.tsx';
import { replaceQuery } from '../router.ts';
import { agents } from '../store.ts';
import { inWords } from '../text/visible.ts';
import { T } from '../texts.ts';
import { type AgentFilter, agentQueryOf, isFiltered, STATUSES } from './agent-list.ts';
import { choices, filter } from './known.ts';

/** A longer name makes the list of choices wider than a phone. */
const CHOICE_MAX = 60;

interface Props {
  readonly search: RefObject<HTMLInputElement | null>;
  readonly shown: number;
}

export function Filters({ search, shown }: Props) {
  const { kinds, projects } = choices.value;
  const wanted = filter.value;
  const count = agents.value.size;
  return (
    <>
      <div class="view-head">
        <h1>
          {T.views.agents} <span class="count-badge">{count}</span>
        </h1>
        <FilterBox
          field={search}
          hint={T.agents.filterHint}
          value={wanted.text}
          onInput={(text) => want({ text })}
        />
      </div>
      <div class="filters">
        <Statuses />
        <div class="selects">
          <Select label={T.agents.kind} any={T.agents.anyKind} name="kind" values={kinds} />
          <Select label={T.agents.project} any={T.agents.anyProject} name="project" values={projects} />
          <Select
            label={T.agents.owner}
            any={T.agents.anyOwner}
            name="connected"
            values={['yes', 'no']}
            textOf={(value) => (value === 'yes' ? T.agents.connected : T.agents.notConnected)}
          />
        </div>
      </div>
      {isFiltered(wanted) ? (
        <p class="quiet found" role="status">
          {T.agents.shown(shown, count)}{' '}
          <button type="button" class="more" onClick={() => replaceQuery(new URLSearchParams())}>
            {T.agents.clearFilter}
          </button>
        </p>
      ) : null}
    </>
  );
}

/** How many there are of each status; a click shows these alone. */
function Statuses() {
  const { statuses } = choices.value;
  const { status } = filter.value;
  const shown = STATUSES.filter((one) => statuses.has(one) || one === status);
  return (
    <fieldset class="chips" aria-label={T.agents.byStatus}>
      <button type="button" class="chip" aria-pressed={status === ''} onClick={() => want({ status: '' })}>
        {T.agents.all}
      </button>
      {shown.map((one) => (
        <button
          key={one}
          type="button"
          class="chip"
          aria-pressed={one === status}
          onClick={() => want({ status: one === status ? '' : one })}
        >
          <span class={`dot of-${one}`} aria-hidden="true" />
          {T.agents.statuses[one]} <b>{statuses.get(one) ?? 0}</b>
        </button>
      ))}
    </fieldset>
  );
}

interface SelectProps {
  readonly label: string;
  readonly any: string;
  readonly name: 'kind' | 'project' | 'connected';
  readonly values: readonly string[];
  readonly textOf?: (value: string) => string;
}

function Select({ label, any, name, values, textOf = shortened }: SelectProps) {
  const value = filter.value[name];
  // What is asked for stays to be seen, also when there is none of it now.
  const shown = value === '' || values.includes(value) ? values : [value, ...values];
  return shown.length === 0 ? null : (
    <select
      aria-label={label}
      class={value === '' ? '' : 'chosen'}
      value={value}
      onChange={({ currentTarget }) => want({ [name]: currentTarget.value })}
    >
      <option value="">{any}</option>
      {shown.map((one) => (
        <option key={one} value={one}>
          {textOf(one)}
        </option>
      ))}
    </select>
  );
}

function want(change: Partial<AgentFilter>): void {
  replaceQuery(agentQueryOf({ ...filter.value, ...change }));
}

function shortened(text: string): string {
  const letters = [...text];
  return inWords(letters.length > CHOICE_MAX ? `${letters.slice(0, CHOICE_MAX).join('')}…` : text);
}
