import { announce } from '../parts/announcer.tsx';
import { StrangerText } from '../parts/stranger-text.tsx';
import { kindOf, odditiesOf } from '../text/options.ts';
import { inWords } from '../text/visible.ts';
import { T } from '../texts.ts';
import { hold } from './held.ts';
import { items, select, selectedApprovals } from './selection.ts';

/** Decides all that are selected at once, if they offer the same. It can be taken back for a moment. */
export function Bulk() {
  const approvals = selectedApprovals.value;
  const [first] = approvals;
  if (first === undefined) {
    return null;
  }
  const isSame = approvals.every((approval) => kindOf(approval) === kindOf(first));
  const shown = new Set(items.value);
  const hidden = approvals.filter((approval) => !shown.has(approval)).length;
  const like = items.value.filter(
    (approval) => approval.status === 'pending' && kindOf(approval) === kindOf(first),
  );
  return (
    <section class="bulk" aria-label={T.bulk.region}>
      <strong>
        {T.bulk.selected(approvals.length)}
        {hidden === 0 ? '' : `, ${T.bulk.hidden(hidden)}`}
      </strong>
      {isSame ? (
        first.options.map((option) => (
          <button
            key={option}
            type="button"
            class={option === first.approve_label ? 'option approve' : 'option'}
            aria-label={`${T.bulk.decide(option, approvals.length)} (${option === first.approve_label ? T.card.approves : T.card.doesNotApprove})`}
            onClick={() => {
              hold(approvals, option);
              select([]);
            }}
          >
            <StrangerText text={option} /> {approvals.length}
          </button>
        ))
      ) : (
        <span class="quiet">{T.bulk.mixed}</span>
      )}
      {isSame && like.length > approvals.length ? (
        <button
          type="button"
          class="ghost"
          onClick={() => {
            select(like.map(({ id }) => id));
            announce(T.bulk.selected(like.length));
          }}
        >
          {T.bulk.all} ({like.length})
        </button>
      ) : null}
      <button type="button" class="ghost" onClick={() => select([])}>
        {T.bulk.none}
      </button>
      {(isSame ? odditiesOf(first) : []).map(({ kind, option }) => (
        <p key={option} class="warning" role="note" title={inWords(option)}>
          {T.odd[kind](option)}
        </p>
      ))}
    </section>
  );
}
