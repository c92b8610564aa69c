import type { RefObject } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { nameOf } from '../parts/agent-mark.tsx';
import { replaceQuery } from '../router.ts';
import { agents, events } from '../store.ts';
import { inWords } from '../text/visible.ts';
import { T } from '../texts.ts';
import { AGENT_ID, type EventFilter, KIND, queryOf, toggleKind } from './event-filter.ts';

const CHOICES_MAX = 20;

interface Props {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly filter: EventFilter;
}

/** Which events are shown. It is in the address, so that it can be linked to. */
export function Filters({ field, filter }: Props) {
  const families = Object.entries(T.events.families);
  const others = filter.kinds.filter((kind) => !Object.hasOwn(T.events.families, kind));
  const isAll = filter.kinds.length === 0 && filter.agentId === null;
  return (
    <div class="filters">
      <fieldset class="chips" aria-label={T.events.kinds}>
        <button
          type="button"
          class="chip"
          aria-pressed={isAll}
          onClick={() => want({ kinds: [], agentId: null })}
        >
          {T.events.everything}
        </button>
        {families.map(([kind, name]) => (
          <button
            key={kind}
            type="button"
            class="chip"
            aria-pressed={filter.kinds.includes(kind)}
            title={kind}
            onClick={() => want(toggleKind(filter, kind))}
          >
            {name}
          </button>
        ))}
        {others.map((kind) => (
          <Chosen key={kind} text={kind} onRemove={() => want(toggleKind(filter, kind))} />
        ))}
        {filter.agentId === null ? null : (
          <Chosen
            text={T.events.agentChip(filter.agentId)}
            onRemove={() => want({ ...filter, agentId: null })}
          />
        )}
      </fieldset>
      <KindField field={field} filter={filter} />
      <AgentField filter={filter} />
    </div>
  );
}

function Chosen({ text, onRemove }: { readonly text: string; readonly onRemove: () => void }) {
  return (
    <button type="button" class="chip chosen" aria-label={T.events.remove(text)} onClick={onRemove}>
      {text} <span aria-hidden="true">✕</span>
    </button>
  );
}

/** Typed, or picked from those that were seen. */
function KindField({ field, filter }: Props) {
  const [isIn, setIn] = useState(false);
  const live = isIn ? events.value : events.peek();
  const seen = useMemo(() => (isIn ? kindsOf(live) : []), [isIn, live]);
  return (
    <Field
      field={field}
      name="kind"
      label={T.events.kindField}
      hint={T.events.kindHint}
      problem={T.events.badKind}
      choices={seen.map((kind) => [kind, ''])}
      isValid={(text) => KIND.test(text)}
      onFocus={setIn}
      onText={() => undefined}
      onChosen={(kind) => want(filter.kinds.includes(kind) ? filter : toggleKind(filter, kind))}
    />
  );
}

function AgentField({ filter }: { readonly filter: EventFilter }) {
  const [text, setText] = useState('');
  const choices = useMemo(() => agentsLike(text), [text]);
  return (
    <Field
      name="agent"
      label={T.events.agentField}
      hint={T.events.agentHint}
      problem={T.events.badAgent}
      choices={choices}
      isValid={(id) => AGENT_ID.test(id)}
      onFocus={() => undefined}
      onText={setText}
      onChosen={(agentId) => want({ ...filter, agentId })}
    />
  );
}

interface FieldProps {
  readonly field?: RefObject<HTMLInputElement | null>;
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly problem: string;
  /** Values, and what they are for people. */
  readonly choices: readonly (readonly [string, string])[];
  readonly isValid: (text: string) => boolean;
  readonly onFocus: (isIn: boolean) => void;
  readonly onText: (text: string) => void;
  readonly onChosen: (text: string) => void;
}

function Field({
  field,
  name,
  label,
  hint,
  problem,
  choices,
  isValid,
  onFocus,
  onText,
  onChosen,
}: FieldProps) {
  const [text, setText] = useState('');
  const [isWrong, setWrong] = useState(false);
  const write = (value: string) => {
    setText(value);
    setWrong(false);
    onText(value);
  };
  const choose = (value: string) => {
    if (value === '') {
      return;
    }
    if (isValid(value)) {
      write('');
      onChosen(value);
    } else {
      setWrong(true);
    }
  };
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        choose(text.trim());
      }}
    >
      <input
        ref={field ?? null}
        type="search"
        list={`${name}-choices`}
        aria-label={label}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${name}-problem` : undefined}
        placeholder={hint}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        value={text}
        onFocus={() => onFocus(true)}
        onBlur={() => onFocus(false)}
        onInput={(event) => {
          const { currentTarget } = event;
          write(currentTarget.value);
          // A choice was picked: browsers say so by what they put in.
          const { inputType } = event as unknown as InputEvent;
          if (inputType === undefined || inputType === 'insertReplacementText') {
            choose(currentTarget.value);
          }
        }}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <datalist id={`${name}-choices`}>
        {choices.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </datalist>
      {isWrong ? (
        <p id={`${name}-problem`} class="problem" role="alert">
          {problem}
        </p>
      ) : null}
    </form>
  );
}

function want(filter: EventFilter): void {
  replaceQuery(queryOf(filter));
}

/** Those of the newest events. */
function kindsOf(live: readonly { readonly kind: string }[]): string[] {
  return [...new Set(live.map(({ kind }) => kind))].sort().slice(0, CHOICES_MAX);
}

/** Few of them: there may be thousands. */
function agentsLike(text: string): [string, string][] {
  const words = text.toLowerCase();
  const found: [string, string][] = [];
  for (const agent of agents.peek().values()) {
    if (`${agent.id}\n${nameOf(agent)}`.toLowerCase().includes(words)) {
      found.push([agent.id, inWords(nameOf(agent)).slice(0, 80)]);
    }
    if (found.length >= CHOICES_MAX) {
      break;
    }
  }
  return found;
}
