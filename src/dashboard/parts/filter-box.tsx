import type { RefObject } from 'preact';
import { T } from '../texts.ts';

interface Props {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly hint: string;
  readonly value: string;
  readonly onInput: (text: string) => void;
}

/** Takes the words that a list is narrowed by. */
export function FilterBox({ field, hint, value, onInput }: Props) {
  return (
    <label class="filter">
      <span class="visually-hidden">{T.inbox.filter}</span>
      <input
        ref={field}
        type="search"
        placeholder={hint}
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
    </label>
  );
}
