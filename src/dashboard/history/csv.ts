import type { Approval } from '../../model/approval.ts';

const COLUMNS = [
  'id',
  'action',
  'agent_id',
  'status',
  'outcome',
  'resolution',
  'comment',
  'created_at',
  'resolved_at',
  'took_ms',
  'requested_by_session',
  'requested_by_principal',
  'decided_by_session',
  'decided_by_principal',
] as const;

/** A spreadsheet calculates what begins like this, also after blanks. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/** As RFC 4180 has it, with a line of names, and nothing in it that a spreadsheet would run. */
export function csvOf(approvals: readonly Approval[]): string {
  const lines = [COLUMNS, ...approvals.map(cellsOf)];
  return lines.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}

function cellsOf(approval: Approval): (string | number | null)[] {
  const { id, action, agent_id, status, outcome, resolution, comment } = approval;
  const { created_at, resolved_at, requested_by, decided_by } = approval;
  return [
    ...[id, action, agent_id, status, outcome, resolution, comment, created_at, resolved_at],
    tookMs(approval),
    ...[requested_by?.session_id ?? null, requested_by?.principal ?? null],
    ...[decided_by?.session_id ?? null, decided_by?.principal ?? null],
  ];
}

/** How long it was pending; null if it still is. */
export function tookMs({
  created_at,
  resolved_at,
}: Pick<Approval, 'created_at' | 'resolved_at'>): number | null {
  return resolved_at === null ? null : Math.max(0, Date.parse(resolved_at) - Date.parse(created_at));
}

function quoted(cell: string | number | null): string {
  const text = String(cell ?? '');
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
