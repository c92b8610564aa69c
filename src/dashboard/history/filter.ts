import type { Approval, ApprovalStatus } from '../../model/approval.ts';

/** What a person looks for in the history. It lives in the address, so that it can be linked. */
export interface Filter {
  readonly statuses: readonly ApprovalStatus[];
  /** '' : any. */
  readonly agent: string;
  /** A session id or a principal; '': anybody. */
  readonly by: string;
  readonly since: Since;
  /** Days of a range in the person's own zone, `2026-11-25`, both included; '': open. */
  readonly from: string;
  readonly to: string;
  readonly isCharts: boolean;
}

export const SINCE = ['any', 'today', '7d', '30d', 'range'] as const;
export type Since = (typeof SINCE)[number];

export const STATUSES: readonly ApprovalStatus[] = ['resolved', 'expired', 'cancelled', 'pending'];
export const FINAL: readonly ApprovalStatus[] = ['resolved', 'expired', 'cancelled'];

/** What one sees at first. */
export const NO_FILTER: Filter = {
  statuses: FINAL,
  agent: '',
  by: '',
  since: 'any',
  from: '',
  to: '',
  isCharts: false,
};

const DAY_MS = 86_400_000;
const NAME = /^[\w.:-]{1,128}$/;
/** Longer than any session or principal that decides. */
const WHO_MAX = 500;

/** Of a query as in `#/history?status=expired&since=7d`; what it does not understand is not there. */
export function filterOf(query: URLSearchParams): Filter {
  const asked = STATUSES.filter((status) => query.getAll('status').includes(status));
  const agent = query.get('agent') ?? '';
  const from = dayOf(query.get('from'));
  const to = dayOf(query.get('to'));
  const since = SINCE.find((one) => one === query.get('since')) ?? 'any';
  return {
    statuses: asked.length > 0 ? asked : FINAL,
    agent: NAME.test(agent) ? agent : '',
    by: (query.get('by') ?? '').slice(0, WHO_MAX),
    since: from !== '' || to !== '' ? 'range' : since,
    from,
    to,
    isCharts: query.get('show') === 'charts',
  };
}

/** The address of the history with this filter. */
export function hashOf({ statuses, agent, by, since, from, to, isCharts }: Filter): string {
  const query = new URLSearchParams();
  if (isCharts) {
    query.set('show', 'charts');
  }
  if (String(statuses) !== String(FINAL)) {
    for (const status of statuses) {
      query.append('status', status);
    }
  }
  const isRange = since === 'range';
  const rest = {
    agent,
    by,
    since: since === 'any' ? '' : since,
    from: isRange ? from : '',
    to: isRange ? to : '',
  };
  for (const [name, value] of Object.entries(rest)) {
    if (value !== '') {
      query.set(name, value);
    }
  }
  return query.size === 0 ? '#/history' : `#/history?${query}`;
}

/** With this status added, or without it if it is there; the final ones if nothing is left. */
export function withStatus({ statuses }: Filter, status: ApprovalStatus): readonly ApprovalStatus[] {
  const isThere = statuses.includes(status);
  const next = STATUSES.filter((one) => (one === status ? !isThere : statuses.includes(one)));
  return next.length === 0 ? FINAL : next;
}

/** Creation times of what is looked for, both excluded, in milliseconds. */
export interface Bounds {
  readonly after: number | null;
  readonly before: number | null;
}

export function boundsOf({ since, from, to }: Filter, now: number): Bounds {
  switch (since) {
    case 'today':
      return { after: new Date(now).setHours(0, 0, 0, 0) - 1, before: null };
    case '7d':
      return { after: now - 7 * DAY_MS, before: null };
    case '30d':
      return { after: now - 30 * DAY_MS, before: null };
    case 'range':
      return {
        after: from === '' ? null : midnight(from, 0) - 1,
        before: to === '' ? null : midnight(to, 1),
      };
    default:
      return { after: null, before: null };
  }
}

/** The request for a page of what matches. */
export function pathOf(
  filter: Filter,
  { after, before }: Bounds,
  limit: number,
  cursor: string | null,
): string {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const status of filter.statuses) {
    query.append('status', status);
  }
  const rest = {
    agent_id: filter.agent,
    decided_by: filter.by,
    created_after: after === null ? '' : new Date(after).toISOString(),
    created_before: before === null ? '' : new Date(before).toISOString(),
    cursor: cursor ?? '',
  };
  for (const [name, value] of Object.entries(rest)) {
    if (value !== '') {
      query.set(name, value);
    }
  }
  return `/approvals?${query}`;
}

/** What the service would say: for what arrives live. */
export function isMatch(filter: Filter, { after, before }: Bounds, approval: Approval): boolean {
  const { status, agent_id, decided_by, created_at } = approval;
  const at = Date.parse(created_at);
  return (
    filter.statuses.includes(status) &&
    (filter.agent === '' || agent_id === filter.agent) &&
    (filter.by === '' || decided_by?.session_id === filter.by || decided_by?.principal === filter.by) &&
    (after === null || at > after) &&
    (before === null || at < before)
  );
}

/** True if it is narrower than what one sees at first. */
export function isNarrow(filter: Filter): boolean {
  return (
    filter.agent !== '' ||
    filter.by !== '' ||
    filter.since !== 'any' ||
    String(filter.statuses) !== String(FINAL)
  );
}

/** A day that exists, or ''. */
function dayOf(text: string | null): string {
  const isDay = text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
  return isDay ? text : '';
}

/** When a day begins where the person is, and days after that. */
function midnight(day: string, daysLater: number): number {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return new Date(year, month - 1, date + daysLater).getTime();
}
