import { useEffect, useRef } from 'preact/hooks';
import { clock } from '../text/time.ts';
import { T } from '../texts.ts';
import type { Reader } from './reader.ts';

/** Older events are read when the end of the list comes this near. */
const NEAR = '800px';

/** The end of the list: reads on when somebody comes near it, and says where there is nothing more. */
export function Older({ reader, count }: { readonly reader: Reader; readonly count: number }) {
  const end = useRef<HTMLDivElement>(null);
  const paging = reader.paging.value;
  const { isEnd } = reader.log.value;
  const isReady = paging === 'ready' && !isEnd;
  useEffect(() => {
    const { current } = end;
    if (!isReady || current === null) {
      return undefined;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) {
          void reader.back();
        }
      },
      { rootMargin: NEAR },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [reader, isReady]);
  return (
    <div ref={end} class="older">
      {typeof paging === 'object' ? (
        <p class="note" role="status">
          {T.events.failed(paging.problem)}
        </p>
      ) : null}
      {isEnd ? (
        count > 0 ? (
          <p class="quiet">{endOf(reader)}</p>
        ) : null
      ) : paging === 'reading' ? (
        <p class="quiet">{T.events.loading}</p>
      ) : (
        <button type="button" onClick={() => void reader.back()}>
          {T.events.older}
        </button>
      )}
    </div>
  );
}

function endOf(reader: Reader): string {
  const first = reader.first.value;
  return first === null || first.seq === 1 ? T.events.beginning : T.events.floor(clock(first.timestamp));
}
