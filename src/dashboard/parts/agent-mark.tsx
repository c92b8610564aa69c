import { useComputed } from '@preact/signals';
import type { Agent } from '../../model/agent.ts';
import { agents } from '../store.ts';
import { inWords } from '../text/visible.ts';
import { T } from '../texts.ts';
import { StrangerText } from './stranger-text.tsx';

const LETTER = /[\p{L}\p{N}]/u;
/** One, be it of several that are joined. */
const PICTURE =
  /^\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*(\u200d\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*)*/u;
const PICTURE_MAX = 12;
const COLOUR = /^#[0-9a-f]{6}$/i;

/** An agent's icon and name, as it wants to be shown; its id if it is not registered. */
export function AgentMark({ id }: { readonly id: string | null }) {
  // Agents change all the time, and this one seldom.
  const agent = useComputed(() => agents.value.get(id ?? '')).value;
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
  const [icon = ''] = PICTURE.exec(agent?.display.icon ?? '') ?? [];
  return icon !== '' && icon.length <= PICTURE_MAX
    ? icon
    : inWords([...name].find((letter) => LETTER.test(letter)) ?? '·').toUpperCase();
}
