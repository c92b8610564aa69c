import { setTimeout as sleep } from 'node:timers/promises';
import { Caller, type Traffic } from './caller.ts';
import { type Ending, isUnknown, type LogEvent } from './history.ts';

const PAGE = 500;
const TRIES_MAX = 20;

/** Cancels what is still pending, and says so; resolves with the `seq` of the last event, which every stream wants. */
export async function settle(traffic: Traffic): Promise<number> {
  const [url = ''] = traffic.urls;
  for (let round = 1; ; round++) {
    const { approvals } = await get(`${url}/approvals?status=pending&limit=${PAGE}`);
    if (approvals.length === 0) break;
    for (const { id, requested_by } of approvals) {
      const comment = `the end of ${id}, ${round}`;
      const call = { kind: 'cancel', node: 0, method: 'POST', path: `/approvals/${id}/cancel` } as const;
      await new Caller(requested_by.session_id, traffic).call({
        ...call,
        body: { comment },
        mark: comment,
        about: id,
      });
    }
  }
  return last(traffic);
}

/** An approval that is taken back: its events are of the kinds that every reader wants. */
async function last(traffic: Traffic): Promise<number> {
  const caller = new Caller('last', traffic);
  const body = { action: 'the last' };
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    const create = { kind: 'create', node: 0, method: 'POST', path: '/approvals' } as const;
    const made = await caller.call({ ...create, body, mark: body.action, key: 'last' });
    if (!isUnknown(made)) {
      const about = made.answer?.body.id;
      const cancel = { kind: 'cancel', node: 0, method: 'POST', path: `/approvals/${about}/cancel` } as const;
      const mark = 'the end';
      const { answer } = await caller.call({ ...cancel, body: { comment: mark }, mark, about });
      if (answer?.status === 200) return Number(answer.seq);
    }
    await sleep(100);
  }
  throw new Error('the cluster does not take changes although all is well again');
}

/** All that a node knows, when it knows the log up to `head`. */
export async function endingOf(url: string, head: number): Promise<Ending> {
  const log: LogEvent[] = [];
  for (;;) {
    const { events } = await get(`${url}/events?after=${log.at(-1)?.seq ?? 0}&limit=${PAGE}`, head);
    if (events.length === 0) break;
    log.push(...events);
  }
  return {
    log,
    agents: await all(`${url}/agents`, 'agents', head),
    approvals: await all(`${url}/approvals`, 'approvals', head),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: pages of several kinds.
async function all(url: string, name: string, head: number): Promise<any[]> {
  const found = [];
  let cursor = '';
  do {
    const page = await get(`${url}?limit=${PAGE}${cursor}`, head);
    found.push(...page[name]);
    cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
  } while (cursor !== '');
  return found;
}

// biome-ignore lint/suspicious/noExplicitAny: pages of several kinds.
async function get(url: string, minSeq = 0): Promise<any> {
  const headers = { 'Sallyport-Min-Seq': String(minSeq) };
  for (let tries = 1; ; tries++) {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
    if (response.ok) return response.json();
    const text = await response.text();
    if (tries === TRIES_MAX) throw new Error(`${url}: ${response.status} ${text}`);
    await sleep(100);
  }
}
