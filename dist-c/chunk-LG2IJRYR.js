import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);

// src/journal/page.ts
function cutEvents(events, maxLength) {
  const taken = [...takeUntil(events, maxLength, ({ head, payload }) => head.length + payload.length)];
  const length = taken.reduce((sum, { head, payload }) => sum + head.length + payload.length, 0);
  return { events: taken, isCut: length >= (maxLength ?? Number.POSITIVE_INFINITY) };
}
function cutApprovals(approvals, maxLength) {
  return [...takeUntil(approvals, maxLength, ({ state }) => state.length)];
}
function* takeUntil(rows, maxLength = Number.POSITIVE_INFINITY, lengthOf) {
  let length = 0;
  for (const row of rows) {
    yield row;
    length += lengthOf(row);
    if (length >= maxLength) return;
  }
}

// src/journal/retention.ts
var MAX_RETENTION_ROWS = 1e3;
var APPROVALS_EVERY_MS = 6e4;
var HOURLY_MS = 36e5;
var DAY_MS = 864e5;
function nextFloor(head, floor, retainEvents) {
  const slice = Math.max(1, Math.min(MAX_RETENTION_ROWS, Math.floor(retainEvents / 10)));
  const due = Math.floor((head - floor - retainEvents) / slice);
  const most = Math.floor(MAX_RETENTION_ROWS / slice);
  return floor + slice * Math.max(0, Math.min(due, most));
}
function approvalsCutoff(now, retainApprovalsDays) {
  return now - retainApprovalsDays * DAY_MS;
}

export {
  cutEvents,
  cutApprovals,
  MAX_RETENTION_ROWS,
  APPROVALS_EVERY_MS,
  HOURLY_MS,
  nextFloor,
  approvalsCutoff
};
