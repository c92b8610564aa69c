import { signal } from '@preact/signals';
import type { Event } from '../../model/event.ts';
import { Age } from '../parts/age.tsx';
import { AgentMark } from '../parts/agent-mark.tsx';
import { Details } from '../parts/details.tsx';
import { StrangerText } from '../parts/stranger-text.tsx';
import { clock } from '../text/time.ts';
import { T } from '../texts.ts';
import { queryOf } from './event-filter.ts';
import { KindMark } from './kind-mark.tsx';
import { wantedFilter } from './wanted-filter.ts';

/** Events that are shown whole. */
export const opened = signal<ReadonlySet<number>>(new Set());

export function toggle(seq: number): void {
  const next = new Set(opened.value);
  if (!next.delete(seq)) {
    next.add(seq);
  }
  opened.value = next;
}

/** One event in a line; all of it when that is asked for. */
export function EventRow({ event }: { readonly event: Event }) {
  const { seq, timestamp, kind, agent_id, message } = event;
  const isOpen = opened.value.has(seq);
  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the row and the button in it take keys. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a larger place to click on. */}
      <div class="event-line" onClick={() => toggle(seq)}>
        <button
          type="button"
          class="chevron"
          aria-expanded={isOpen}
          aria-label={T.events.open(kind)}
          onClick={(click) => {
            click.stopPropagation();
            toggle(seq);
          }}
        >
          <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
            <path d="M4 2l4 4-4 4" fill="none" stroke="currentColor" stroke-width="1.6" />
          </svg>
        </button>
        <Age since={timestamp} />
        <span class="kind-cell" id={`kind-${seq}`}>
          <KindMark kind={kind} />
        </span>
        <span class="about">{agent_id === null ? null : <AgentMark id={agent_id} />}</span>
        <span class="message" id={`message-${seq}`}>
          <StrangerText text={message} />
        </span>
      </div>
      {isOpen ? <Whole event={event} /> : null}
    </>
  );
}

function Whole({ event }: { readonly event: Event }) {
  const filter = wantedFilter.value;
  const { seq, id, timestamp, kind, agent_id, payload } = event;
  const approvalId = approvalOf(event);
  return (
    <div class="whole-event">
      <dl>
        <dt>{T.events.at}</dt>
        <dd>
          <time dateTime={timestamp}>{clock(timestamp)}</time> <span class="quiet">{timestamp}</span>
        </dd>
        <dt>{T.events.seq}</dt>
        <dd>
          {seq} <span class="quiet">{id}</span>
        </dd>
        <dt>{T.events.kind}</dt>
        <dd>
          <KindMark kind={kind} />{' '}
          <a href={`#/events?${queryOf({ ...filter, kinds: [kind] })}`}>{T.events.onlyKind}</a>
        </dd>
        {agent_id === null ? null : (
          <>
            <dt>{T.events.agent}</dt>
            <dd>
              <a href={`#/agents/${agent_id}`}>{agent_id}</a>{' '}
              <a href={`#/events?${queryOf({ ...filter, agentId: agent_id })}`}>{T.events.onlyAgent}</a>
            </dd>
          </>
        )}
        {approvalId === null ? null : (
          <>
            <dt>{T.events.approval}</dt>
            <dd>
              <a href={`#/approvals/${approvalId}`}>{approvalId}</a>
            </dd>
          </>
        )}
      </dl>
      {payload === null ? <p class="quiet">{T.events.noPayload}</p> : <Payload payload={payload} />}
    </div>
  );
}

/** Marked where it has what cannot be seen. */
function Payload({ payload }: { readonly payload: unknown }) {
  return (
    <section aria-label={T.events.payload}>
      <Details value={payload} />
    </section>
  );
}

/** The approval that it is about; only the service writes events of that family. */
function approvalOf({ kind, payload }: Event): string | null {
  if (!kind.startsWith('approval.')) {
    return null;
  }
  const { id, approval_id } = (payload ?? {}) as Record<string, unknown>;
  const found = String(approval_id ?? id);
  return /^approval-[0-9a-f]+$/.test(found) ? found : null;
}
