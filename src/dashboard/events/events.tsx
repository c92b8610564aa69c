import { Loading } from '../parts/loading.tsx';
import { StrangerText } from '../parts/stranger-text.tsx';
import { events, isReady } from '../store.ts';
import { clock } from '../text/time.ts';
import { T } from '../texts.ts';

const SHOWN_MAX = 50;

/** What happens, newest first. */
export function Events() {
  if (!isReady.value) {
    return <Loading heading={T.views.events} />;
  }
  return (
    <>
      <div class="view-head">
        <h1>{T.views.events}</h1>
      </div>
      <ul class="plain-list">
        {events.value
          .slice(-SHOWN_MAX)
          .reverse()
          .map(({ seq, timestamp, kind, message }) => (
            <li key={seq}>
              <time dateTime={timestamp}>{clock(timestamp)}</time> <code>{kind}</code>{' '}
              <StrangerText text={message} />
            </li>
          ))}
      </ul>
    </>
  );
}
