import { useRef, useState } from 'preact/hooks';
import type { Approval } from '../../model/approval.ts';
import { type Answer, get } from '../api.ts';
import { now, signedOut } from '../store.ts';
import { T } from '../texts.ts';
import { csvOf } from './csv.ts';
import { boundsOf, type Filter, pathOf } from './filter.ts';
import type { ApprovalsPage } from './listing.ts';

const ROWS_MAX = 5000;
const PAGE = 500;

type Kind = 'csv' | 'json';

/** Saves what matches the filter as a file. It is made here: the service is only read. */
export function Export({ filter }: { readonly filter: Filter }) {
  const [said, say] = useState('');
  const isBusy = useRef(false);
  const save = async (kind: Kind) => {
    if (isBusy.current) {
      return;
    }
    isBusy.current = true;
    say(await saveAs(kind, filter, (count) => say(T.history.reading(count))));
    isBusy.current = false;
  };
  return (
    <div class="export">
      <span role="status" class="quiet">
        {said}
      </span>
      {(['csv', 'json'] as const).map((kind) => (
        <button
          key={kind}
          type="button"
          class="ghost"
          title={T.history.exportHint(ROWS_MAX)}
          aria-label={T.history.exportAs(kind)}
          onClick={() => void save(kind)}
        >
          <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            <path
              d="M8 2v8m0 0L4.5 6.5M8 10l3.5-3.5M2.5 13.5h11"
              fill="none"
              stroke="currentColor"
              stroke-width="1.8"
            />
          </svg>
          {kind.toUpperCase()}
        </button>
      ))}
    </div>
  );
}

/** Says what came of it. */
async function saveAs(kind: Kind, filter: Filter, onRead: (count: number) => void): Promise<string> {
  const bounds = boundsOf(filter, now.peek());
  const approvals: Approval[] = [];
  let cursor: string | null = null;
  do {
    onRead(approvals.length);
    const limit = Math.min(PAGE, ROWS_MAX - approvals.length);
    const path = pathOf(filter, bounds, limit, cursor);
    const { status, body, problem }: Answer<ApprovalsPage> = await get(path);
    if (status !== 200) {
      if (status === 401) {
        signedOut();
      }
      return T.history.notSaved(problem || T.statusHint.reconnecting);
    }
    approvals.push(...body.approvals);
    cursor = body.next_cursor;
  } while (cursor !== null && approvals.length < ROWS_MAX);
  const day = new Date(now.peek()).toISOString().slice(0, 10);
  const text = kind === 'csv' ? csvOf(approvals) : `${JSON.stringify(approvals, null, 2)}\n`;
  download(`approvals-${day}.${kind}`, text, kind === 'csv' ? 'text/csv' : 'application/json');
  return T.history.saved(approvals.length, cursor !== null);
}

function download(name: string, text: string, type: string): void {
  const link = document.createElement('a');
  link.download = name;
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
