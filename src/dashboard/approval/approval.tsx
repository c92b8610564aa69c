import { useEffect, useState } from 'preact/hooks';
import type { Approval } from '../../model/approval.ts';
import { readApproval } from '../api.ts';
import { spanName } from '../charts/scale.ts';
import { tookMs } from '../history/csv.ts';
import { hashOf, NO_FILTER } from '../history/filter.ts';
import { Decision } from '../inbox/decision.tsx';
import { sentenceOf } from '../inbox/farewells.ts';
import { takeBack } from '../inbox/held.ts';
import { actOn } from '../inbox/keys.ts';
import { Age, TimeLeft } from '../parts/age.tsx';
import { AgentMark } from '../parts/agent-mark.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Details } from '../parts/details.tsx';
import { Fact } from '../parts/fact.tsx';
import { useKeys } from '../parts/keys.ts';
import { OutcomeMark } from '../parts/outcome-mark.tsx';
import { StrangerText } from '../parts/stranger-text.tsx';
import { onChanges, pending, signedOut, status } from '../store.ts';
import { clock } from '../text/time.ts';
import { inWords } from '../text/visible.ts';
import { T } from '../texts.ts';
import { Happenings } from './happenings.tsx';

type Found = Approval | 'unknown' | { readonly problem: string } | null;

/** One approval, pending or final: what was asked, and who decided, when and why. */
export function ApprovalPage({ id }: { readonly id: string }) {
  const live = pending.value.find((approval) => approval.id === id);
  const read = useApproval(id, live !== undefined);
  const found = live ?? read;
  return (
    <>
      <p class="back">
        <a href="#/">← {T.approval.back}</a> <a href="#/history">{T.approval.history}</a>
      </p>
      {found === null ? (
        <p class="quiet" role="status">
          {T.loading}
        </p>
      ) : found === 'unknown' ? (
        <>
          <h1>{T.approval.heading}</h1>
          <p>{T.approval.unknown}</p>
        </>
      ) : 'problem' in found ? (
        <>
          <h1>{T.approval.heading}</h1>
          <p class="note">{found.problem}</p>
        </>
      ) : (
        <Whole approval={found} />
      )}
    </>
  );
}

/** What the service says of it, read when it is not pending here, and again when it has just been decided. */
function useApproval(id: string, isLive: boolean): Found {
  const [found, setFound] = useState<{ id: string; found: Found }>({ id, found: null });
  useEffect(() => onFinal(id, (approval) => setFound({ id, found: approval })), [id]);
  const isLost = status.value === 'signed-out';
  useEffect(() => {
    let isCurrent = true;
    if (!isLive && !isLost) {
      void readApproval(id).then(({ status: code, body, problem }) => {
        if (code === 401) {
          signedOut();
        } else if (isCurrent) {
          const result =
            code === 200
              ? body
              : code === 404
                ? 'unknown'
                : { problem: problem || T.statusHint.reconnecting };
          setFound({ id, found: result });
        }
      });
    }
    return () => {
      isCurrent = false;
    };
  }, [id, isLive, isLost]);
  return found.id === id ? found.found : null;
}

const waiting = new Map<string, (approval: Approval) => void>();
onChanges(({ left }) => {
  for (const approval of left) {
    waiting.get(approval.id)?.(approval);
  }
});

function onFinal(id: string, tell: (approval: Approval) => void): () => void {
  waiting.set(id, tell);
  return () => void waiting.delete(id);
}

function Whole({ approval }: { readonly approval: Approval }) {
  const isPending = approval.status === 'pending';
  useKeys(({ key }) => {
    if (key === 'u') {
      takeBack();
      return true;
    }
    return isPending && 'adc'.includes(key) && actOn(key, approval, () => undefined);
  });
  return (
    <div class="approval-page" data-key={approval.id}>
      <div class="approval-title">
        <h1 id={`action-${approval.id}`}>
          <StrangerText text={approval.action} />
        </h1>
        <OutcomeMark outcome={approval.outcome} />
        <span class="approval-copy">
          <CopyButton
            text={() => location.href}
            name={T.approval.copyLink}
            done={T.approval.linkCopied}
            failed={T.approval.linkNotCopied}
          />
        </span>
      </div>
      {isPending ? null : <Ending approval={approval} />}
      <div class="card whole">
        <Details value={approval.details} />
        {isPending ? <Decision approval={approval} /> : null}
      </div>
      <Happenings approval={approval} />
      <Facts approval={approval} />
    </div>
  );
}

function Ending({ approval }: { readonly approval: Approval }) {
  const { resolved_at, comment } = approval;
  return (
    <div class="ending">
      <p>
        <strong>{sentenceOf(approval)}</strong>
        {resolved_at === null ? null : (
          <>
            {', '}
            <time dateTime={resolved_at}>{clock(resolved_at)}</time>
          </>
        )}
      </p>
      {comment === null ? null : (
        <blockquote>
          <StrangerText text={comment} block />
        </blockquote>
      )}
    </div>
  );
}

function Facts({ approval }: { readonly approval: Approval }) {
  const {
    agent_id,
    created_at,
    expires_at,
    requested_by,
    client_id,
    decided_by,
    id,
    options,
    approve_label,
    resolution,
    resolve_requested,
  } = approval;
  const took = tookMs(approval);
  return (
    <dl class="facts">
      <Fact name={T.approval.agent}>
        <AgentMark id={agent_id} />
        {agent_id === null ? null : (
          <>
            {' '}
            <a href={hashOf({ ...NO_FILTER, agent: agent_id })}>{T.approval.ofAgent}</a>
          </>
        )}
      </Fact>
      <Fact name={T.approval.asked}>
        {clock(created_at)} (<Age since={created_at} />)
      </Fact>
      <Fact name={T.approval.askedBy}>{T.who(requested_by)}</Fact>
      {expires_at === null ? null : (
        <Fact name={approval.status === 'pending' ? T.approval.expires : T.approval.expiredAt}>
          {clock(expires_at)}
          {approval.status === 'pending' ? (
            <>
              {' '}
              <TimeLeft until={expires_at} />
            </>
          ) : null}
        </Fact>
      )}
      {decided_by === null ? null : <Fact name={T.approval.decidedBy}>{T.who(decided_by)}</Fact>}
      {took === null ? null : <Fact name={T.approval.took}>{spanName(took)}</Fact>}
      {resolution === null ? null : (
        <Fact name={T.approval.chosen}>
          <StrangerText text={resolution} />
        </Fact>
      )}
      {resolve_requested === null ? null : (
        <Fact name={T.approval.passedOn}>
          {T.owner.passedOn(resolve_requested.resolution, T.who(resolve_requested))},{' '}
          {clock(resolve_requested.at)}
          {resolve_requested.comment === null ? null : (
            <blockquote>
              <StrangerText text={resolve_requested.comment} block />
            </blockquote>
          )}
        </Fact>
      )}
      <Fact name={T.approval.owner}>{client_id === null ? T.approval.anybody : inWords(client_id)}</Fact>
      <Fact name={T.approval.options}>
        {options.map((option) => (
          <span key={option} class="offered">
            <StrangerText text={option} />
            {option === approve_label ? ` (${T.card.approves})` : ''}
          </span>
        ))}
      </Fact>
      <Fact name={T.approval.id}>
        <code>{id}</code>
      </Fact>
    </dl>
  );
}
