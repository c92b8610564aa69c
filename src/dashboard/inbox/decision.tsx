import { signal } from '@preact/signals';
import type { TargetedMouseEvent } from 'preact';
import { useRef } from 'preact/hooks';
import type { Approval } from '../../model/approval.ts';
import { announce } from '../parts/announcer.tsx';
import { StrangerText } from '../parts/stranger-text.tsx';
import { mayDecide, me, onSignedOut } from '../store.ts';
import { odditiesOf } from '../text/options.ts';
import { inWords } from '../text/visible.ts';
import { T } from '../texts.ts';
import { decide, notes, sending } from './decide.ts';
import { heldOptions } from './held.ts';
import { OwnerNote } from './owner.tsx';
import { comments, writeComment } from './selection.ts';
import { hasJustMoved } from './steady.ts';

const SHOWN_MS = 3000;
/** The approval whose button was pressed when it had just moved. */
const missed = signal<string | null>(null);
onSignedOut(() => {
  missed.value = null;
});

/** One button for each option, the comment, and all that a person has to know before they press one. */
export function Decision({ approval }: { readonly approval: Approval }) {
  const { id, action } = approval;
  const heldOption = heldOptions.value.get(id);
  const note = notes.value.get(id);
  const isBusy = sending.value.has(id) || heldOption !== undefined;
  return (
    <div class="decision">
      {odditiesOf(approval).map(({ kind, option }) => (
        <p key={option} class="warning" role="note">
          {T.odd[kind](option)}
        </p>
      ))}
      <OwnerNote approval={approval} />
      {note === undefined ? null : <p class="note">{note}</p>}
      <fieldset class="buttons" aria-label={T.card.options(action)}>
        <Options approval={approval} isBusy={isBusy} />
        <CommentButton id={id} />
        {heldOption === undefined ? null : <span class="quiet">{T.card.held(heldOption)}</span>}
        {sending.value.has(id) ? <span class="quiet">{T.card.sending}</span> : null}
        {missed.value === id && !isBusy ? <strong class="missed">{T.card.moved}</strong> : null}
      </fieldset>
      <Comment id={id} />
    </div>
  );
}

function Options({ approval, isBusy }: { readonly approval: Approval; readonly isBusy: boolean }) {
  const { options, approve_label, action } = approval;
  const isOdd = odditiesOf(approval).length > 0;
  const why = mayDecide.value || me.value === null ? undefined : T.viewer(me.value.role);
  return (
    <>
      {options.map((option) => (
        <button
          key={option}
          type="button"
          class={option === approve_label ? 'option approve' : 'option'}
          disabled={!mayDecide.value || isBusy}
          title={why}
          aria-label={`${inWords(option)} (${option === approve_label ? T.card.approves : T.card.doesNotApprove}): ${inWords(action)}`}
          onClick={(event) => click(approval, option, event)}
        >
          {option === approve_label ? <Tick /> : null}
          <StrangerText text={option} />
          {isOdd ? (
            <small>({option === approve_label ? T.card.approves : T.card.doesNotApprove})</small>
          ) : null}
        </button>
      ))}
    </>
  );
}

function click(approval: Approval, option: string, event: TargetedMouseEvent<Element>): void {
  const { id } = approval;
  // Who presses a key has the button, wherever it is.
  if (event.detail === 0 || !hasJustMoved(event.currentTarget)) {
    missed.value = null;
    void decide(approval, option);
    return;
  }
  missed.value = id;
  announce(T.card.moved);
  setTimeout(() => {
    if (missed.value === id) {
      missed.value = null;
    }
  }, SHOWN_MS);
}

/** So that it is not the colour alone that says what approves. */
function Tick() {
  return (
    <svg class="tick" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d="M2.5 8.5 6 12l7.5-8" fill="none" stroke="currentColor" stroke-width="2.2" />
    </svg>
  );
}

function CommentButton({ id }: { readonly id: string }) {
  return comments.value.has(id) ? null : (
    <button
      type="button"
      class="ghost add-comment"
      disabled={!mayDecide.value}
      onClick={() => writeComment(id, '')}
    >
      {T.card.addComment}
    </button>
  );
}

function Comment({ id }: { readonly id: string }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const text = comments.value.get(id);
  return text === undefined ? null : (
    <label class="comment">
      <span>{T.card.comment}</span>
      <textarea
        ref={(element) => {
          // Opened by somebody who wants to write.
          if (element !== null && field.current === null && text === '') {
            element.focus();
          }
          field.current = element;
        }}
        rows={2}
        maxLength={2000}
        value={text}
        placeholder={T.card.commentHint}
        onInput={(event) => writeComment(id, event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            event.currentTarget.closest<HTMLElement>('[data-key]')?.focus();
            if (event.currentTarget.value.trim() === '') {
              writeComment(id, null);
            }
          }
        }}
      />
    </label>
  );
}
