import type { Agent } from '../../model/agent.ts';
import { agents } from '../store.ts';
import { inWords } from '../text/visible.ts';
import { T } from '../texts.ts';
import { StrangerText } from './stranger-text.tsx';

const characters = new Intl.Segmenter();
const LETTER = /[\p{L}\p{N}]/u;
const PICTURE = /\p{Extended_Pictographic}/u;
const COLOUR = /^#[0-9a-f]{6}$/i;

/** An agent's icon and name, as it wants to be shown; its id if it is not registered. */
export function AgentMark({ id }: { readonly id: string | null }) {
  const agent = id === null ? undefined : agents.value.get(id);
  const name = agent === undefined ? (id ?? T.card.noAgent) : nameOf(agent);
  const accent = accentOf(agent);
  return (
    <span class="agent-mark">
      <span
        class="avatar"
        aria-hidden="true"
        style={accent === null ? {} : { borderColor: accent, boxShadow: `inset 0 0 0 1px ${accent}` }}
      >
        {iconOf(agent, name)}
      </span>
      <span class="agent-name">
        <StrangerText text={name} />
      </span>
    </span>
  );
}

/** The colour that it wants to have, if it is one. */
export function accentOf(agent: Agent | undefined): string | null {
  const accent = agent?.display.accent ?? '';
  return COLOUR.test(accent) ? accent : null;
}

export function nameOf(agent: Agent): string {
  return agent.display.label || agent.name;
}

/** Its icon if that is a picture of one character; else a letter. Names of icons mean something else to everybody. */
function iconOf(agent: Agent | undefined, name: string): string {
  const { display } = agent ?? {};
  const icon = display?.icon
    ? String(characters.segment(display.icon)[Symbol.iterator]().next().value?.segment)
    : '';
  const isPicture = PICTURE.test(icon) && icon.length <= 12;
  return isPicture ? icon : inWords([...name].find((letter) => LETTER.test(letter)) ?? '·').toUpperCase();
}
