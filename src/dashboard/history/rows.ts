import type { Approval } from '../../model/approval.ts';

/** What is known of a listing: each approval in one place only. */
export interface Rows {
  /** What is shown: what became known while one looks, newest first, then the pages in their order. */
  readonly shown: readonly Approval[];
  /** So many at the beginning of `shown` were in no page. */
  readonly added: number;
  /** What became known and is not shown yet, newest first: it would move what is under the pointer. */
  readonly fresh: readonly Approval[];
}

export const NO_ROWS: Rows = { shown: [], added: 0, fresh: [] };

/** The next page. What is in it already known takes no second place; what is fresh has its place now. */
export function addPage({ shown, added, fresh }: Rows, page: readonly Approval[]): Rows {
  const known = new Set(shown.map(({ id }) => id));
  const inPage = new Set(page.map(({ id }) => id));
  const newer = new Map(fresh.map((approval) => [approval.id, approval]));
  const more = page
    .filter(({ id }) => !known.has(id))
    .map((approval) => slim(newer.get(approval.id) ?? approval));
  return { shown: [...shown, ...more], added, fresh: fresh.filter(({ id }) => !inPage.has(id)) };
}

/** How an approval is now. `isWanted`: it matches what is looked for. */
export function note(rows: Rows, approval: Approval, isWanted: boolean): Rows {
  const index = rows.shown.findIndex(({ id }) => id === approval.id);
  if (index >= 0) {
    // Where it is, it stays, so that nothing moves; what is final is never taken back.
    const isNews = rows.shown[index]?.status === 'pending';
    return isNews ? { ...rows, shown: rows.shown.with(index, slim(approval)) } : rows;
  }
  const others = rows.fresh.filter(({ id }) => id !== approval.id);
  return isWanted ? { ...rows, fresh: [slim(approval), ...others] } : { ...rows, fresh: others };
}

export function showFresh({ shown, added, fresh }: Rows): Rows {
  return { shown: [...fresh, ...shown], added: added + fresh.length, fresh: [] };
}

/** A row does not show the details, and they may be large. */
function slim(approval: Approval): Approval {
  return approval.details === null ? approval : { ...approval, details: null };
}
