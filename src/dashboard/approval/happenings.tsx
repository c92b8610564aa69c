import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Approval } from '../../model/approval.ts';
import type { Event } from '../../model/event.ts';
import { get } from '../api.ts';
import { events } from '../store.ts';
import { clock } from '../text/time.ts';
import { type Happening, timelineOf } from '../text/timeline.ts';
import { T } from '../texts.ts';

/** Events that are looked through for those about one approval; each may be large. */
const READ_MAX = 100;

/** What happened to an approval, oldest first, and what happens next. */
export function Happenings({ approval }: { readonly approval: Approval }) {
  const older = useOlder(approval);
  const live = events.value;
  const happenings = useMemo(() => timelineOf(approval, [...older, ...live]), [approval, older, live]);
  return (
    <section class="happenings" aria-labelledby="happenings-title">
      <h2 id="happenings-title">{T.approval.events}</h2>
      <ol>
        {happenings.map((happening) => (
          <li key={`${happening.what} ${happening.at}`} class={happening.what}>
            <span>{textOf(happening, approval)}</span>
            <span class="quiet">
              <time dateTime={happening.at}>{clock(happening.at)}</time>
              {happening.seq === null ? null : ` · ${T.approval.event(happening.seq)}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function textOf({ what, who, option }: Happening, approval: Approval): string {
  switch (what) {
    case 'requested':
      return T.approval.happened.requested(T.who(who));
    case 'passed-on':
      return T.approval.happened.passedOn(option ?? '', T.who(who));
    case 'ended':
      return endOf(approval, T.who(who));
  }
}

function endOf({ status, resolution }: Approval, who: string): string {
  const { resolved, expired, cancelled } = T.approval.happened;
  return status === 'expired'
    ? expired
    : status === 'cancelled'
      ? cancelled(who)
      : resolved(who, resolution ?? '');
}

/** Events from before the page was opened, among which its own may be. */
function useOlder({ id, agent_id }: Approval): readonly Event[] {
  const [older, setOlder] = useState<readonly Event[]>([]);
  useEffect(() => {
    let isCurrent = true;
    const query = new URLSearchParams({ kind: 'approval.*', limit: String(READ_MAX) });
    if (agent_id !== null) {
      query.set('agent_id', agent_id);
    }
    void get<{ events: Event[] }>(`/events?${query}`).then(({ status, body }) => {
      if (isCurrent && status === 200) {
        setOlder(body.events);
      }
    });
    return () => {
      isCurrent = false;
    };
  }, [id, agent_id]);
  return older;
}
