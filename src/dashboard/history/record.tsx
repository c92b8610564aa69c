import type { Approval } from '../../model/approval.ts';
import { AgentMark } from '../parts/agent-mark.tsx';
import { OutcomeMark } from '../parts/outcome-mark.tsx';
import { StrangerText } from '../parts/stranger-text.tsx';
import { sessionId } from '../session.ts';
import { me } from '../store.ts';
import { clock, span } from '../text/time.ts';
import { T } from '../texts.ts';
import { tookMs } from './csv.ts';

/** One approval in the history: what was asked, by whom, and who decided, when, and why. */
export function Record({
  approval,
  heading,
}: {
  readonly approval: Approval;
  readonly heading: string | null;
}) {
  const { id, action, agent_id, comment, created_at, resolved_at, outcome, requested_by } = approval;
  const took = tookMs(approval);
  return (
    <>
      {heading === null ? null : <p class="day">{heading}</p>}
      <div class={`record ${outcome ?? 'pending'}`}>
        <OutcomeMark outcome={outcome} />
        <div class="record-what">
          <h2 id={`record-${id}`}>
            <a href={`#/approvals/${id}`}>
              <StrangerText text={action} />
            </a>
          </h2>
          <p class="quiet record-asked">
            <AgentMark id={agent_id} />
            <span>{T.card.by(T.who(requested_by))}</span>
            <time dateTime={created_at}>{clock(created_at)}</time>
          </p>
          {comment === null ? null : (
            <p class="record-comment">
              <span class="visually-hidden">{T.approval.comment}: </span>
              <StrangerText text={comment} />
            </p>
          )}
        </div>
        <p class="record-end">
          <strong>
            <EndedBy approval={approval} />
          </strong>
          {resolved_at === null || took === null ? null : (
            <span>
              <time dateTime={resolved_at}>{clock(resolved_at)}</time>{' '}
              <span class="quiet">{T.history.took(span(took))}</span>
            </span>
          )}
        </p>
      </div>
    </>
  );
}

/** Who decided, and with which option if that is not the outcome's own word. */
function EndedBy({ approval }: { readonly approval: Approval }) {
  const { outcome, decided_by, resolution, approve_label } = approval;
  if (outcome === null) {
    return <>{T.history.waits}</>;
  }
  if (decided_by === null) {
    return <>{T.history.nobody}</>;
  }
  const isPlain =
    resolution === null || (outcome === 'approved' ? approve_label === 'approve' : resolution === 'deny');
  const isMine =
    decided_by.session_id === sessionId() && decided_by.principal === (me.value?.principal ?? null);
  return (
    <>
      {T.history.by(isMine ? T.youName : T.who(decided_by))}
      {isPlain ? null : (
        <span class="record-option">
          <StrangerText text={resolution} />
        </span>
      )}
    </>
  );
}
