import { useEffect, useState } from 'preact/hooks';
import type { Event } from '../../model/event.ts';
import { get } from '../api.ts';
import { pageOf, queryOf, testOf } from '../events/event-filter.ts';
import { newestOf } from '../events/event-log.ts';
import { KindMark } from '../events/kind-mark.tsx';
import { Age } from '../parts/age.tsx';
import { StrangerText } from '../parts/stranger-text.tsx';
import { events, signedOut, status } from '../store.ts';
import { T } from '../texts.ts';

const COUNT = 10;

interface Read {
  readonly page: readonly Event[] | null;
  readonly problem: string;
}

/** What an agent did last, from the log, and what it does while one looks. */
export function LastEvents({ id }: { readonly id: string }) {
  const filter = { kinds: [], agentId: id };
  const { page, problem } = useLastPage(id);
  const shown = newestOf(page ?? [], events.value, testOf(filter), COUNT);
  return (
    <div class="last-events">
      {problem === '' ? null : <p class="note">{T.agents.notRead(problem)}</p>}
      {page === null && problem === '' ? (
        <p class="quiet" role="status">
          {T.loading}
        </p>
      ) : shown.length === 0 ? (
        <p class="quiet">{T.agents.noEvents}</p>
      ) : (
        <ol aria-label={T.agents.lastEvents}>
          {shown.map(({ seq, timestamp, kind, message }) => (
            <li key={seq}>
              <Age since={timestamp} />
              <KindMark kind={kind} />
              <StrangerText text={message} />
            </li>
          ))}
        </ol>
      )}
      <a href={`#/events?${queryOf(filter)}`}>{T.agents.allEvents} →</a>
    </div>
  );
}

/** Read again after a reconnect: what is live may have a gap then. */
function useLastPage(id: string): Read {
  const [read, setRead] = useState<Read>({ page: null, problem: '' });
  const isLive = status.value === 'live';
  useEffect(() => {
    let isCurrent = true;
    void get<{ events: Event[] }>(pageOf({ kinds: [], agentId: id }, { limit: COUNT })).then((answer) => {
      if (answer.status === 401) {
        signedOut();
      } else if (isCurrent) {
        const problem = answer.problem || T.agents.unreachable;
        setRead((before) =>
          answer.status === 200 ? { page: answer.body.events, problem: '' } : { ...before, problem },
        );
      }
    });
    return () => {
      isCurrent = false;
    };
  }, [id, isLive]);
  return read;
}
