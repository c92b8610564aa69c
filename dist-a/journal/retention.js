/** Rows that one transaction of retention touches at most, so that no append waits long behind it. */
export const MAX_RETENTION_ROWS = 1000;
export const APPROVALS_EVERY_MS = 60_000;
export const HOURLY_MS = 3_600_000;
const DAY_MS = 86_400_000;
/**
 * Where the floor belongs. It moves in whole slices of a tenth of what is kept, several at once when a group of
 * changes was longer than a slice.
 */
export function nextFloor(head, floor, retainEvents) {
    const slice = Math.max(1, Math.min(MAX_RETENTION_ROWS, Math.floor(retainEvents / 10)));
    const due = Math.floor((head - floor - retainEvents) / slice);
    const most = Math.floor(MAX_RETENTION_ROWS / slice);
    return floor + slice * Math.max(0, Math.min(due, most));
}
/** Approvals that became final before this go. */
export function approvalsCutoff(now, retainApprovalsDays) {
    return now - retainApprovalsDays * DAY_MS;
}
