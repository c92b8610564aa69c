import { now } from '../store.ts';
import { clock, span } from '../text/time.ts';
import { T } from '../texts.ts';

/** How long ago something was. Only what is in the document listens to the timer. */
export function Age({ since }: { readonly since: string }) {
  return (
    <time dateTime={since} title={clock(since)}>
      {T.card.ago(span(now.value - Date.parse(since)))}
    </time>
  );
}

/** How long something can still be decided. */
export function TimeLeft({ until }: { readonly until: string }) {
  const left = Date.parse(until) - now.value;
  const urgency = left <= 60_000 ? 'urgent' : left <= 300_000 ? 'soon' : '';
  return (
    <time class={`time-left ${urgency}`} dateTime={until} title={clock(until)}>
      {left > 0 ? T.card.left(span(left)) : T.card.overdue}
    </time>
  );
}
