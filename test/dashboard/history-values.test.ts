import { test } from 'tap';
import { measure, percentile } from '../../src/dashboard/charts/measure.ts';
import {
  heightOf,
  rangeOf,
  spanName,
  tickName,
  ticksIn,
  timeNames,
} from '../../src/dashboard/charts/scale.ts';
import { csvOf, tookMs } from '../../src/dashboard/history/csv.ts';
import {
  boundsOf,
  FINAL,
  filterOf,
  hashOf,
  isMatch,
  isNarrow,
  NO_FILTER,
  pathOf,
  STATUSES,
  withStatus,
} from '../../src/dashboard/history/filter.ts';
import { addPage, NO_ROWS, note, showFresh } from '../../src/dashboard/history/rows.ts';
import { day, daysAgo } from '../../src/dashboard/text/time.ts';
import { timelineOf } from '../../src/dashboard/text/timeline.ts';
import type { Approval } from '../../src/model/approval.ts';
import type { Event } from '../../src/model/event.ts';

const HOUR = 3_600_000;
const NOON = new Date(2026, 10, 25, 12).getTime();

function approvalOf(id: string, more: Partial<Approval> = {}): Approval {
  return {
    id: `approval-${id}`,
    agent_id: 'a',
    client_id: null,
    action: 'Deploy',
    details: { command: 'x' },
    options: ['approve', 'deny'],
    approve_label: 'approve',
    status: 'pending',
    outcome: null,
    resolution: null,
    comment: null,
    created_at: new Date(NOON).toISOString(),
    resolved_at: null,
    expires_at: null,
    requested_by: { session_id: 'asker', principal: null },
    decided_by: null,
    resolve_requested: null,
    ...more,
  };
}

/** Decided by ann, `tookMs` after it was asked at `at`. */
function decided(id: string, at = NOON, took = 1000, more: Partial<Approval> = {}): Approval {
  return approvalOf(id, {
    status: 'resolved',
    outcome: 'approved',
    resolution: 'approve',
    created_at: new Date(at).toISOString(),
    resolved_at: new Date(at + took).toISOString(),
    decided_by: { session_id: 'ann', principal: 'token:ann' },
    ...more,
  });
}

test('a filter is the same after it was an address', async (t) => {
  for (const hash of [
    '#/history',
    '#/history?show=charts',
    '#/history?status=resolved&status=pending',
    '#/history?agent=db-1&by=token%3Aann&since=7d',
    '#/history?since=range&from=2026-11-01&to=2026-11-03',
    '#/history?since=range&from=2026-11-01',
    '#/history?since=range',
  ]) {
    t.equal(hashOf(filterOf(new URLSearchParams(hash.split('?')[1]))), hash);
  }
  t.strictSame(filterOf(new URLSearchParams()), NO_FILTER);
});

test('what an address says wrongly is not looked for', async (t) => {
  const query = 'status=lost&agent=%3Cimg%3E&since=ever&from=2026-13-45&to=tomorrow';
  t.strictSame(filterOf(new URLSearchParams(query)), NO_FILTER);
  t.equal(filterOf(new URLSearchParams({ by: 'x'.repeat(600) })).by.length, 500);
});

test('a status is added and taken away, and never the last one', async (t) => {
  t.strictSame(withStatus(NO_FILTER, 'pending'), STATUSES);
  t.strictSame(withStatus(NO_FILTER, 'expired'), ['resolved', 'cancelled']);
  t.strictSame(withStatus({ ...NO_FILTER, statuses: ['pending'] }, 'pending'), FINAL);
});

test('a filter that is narrower than the first one says so', async (t) => {
  t.notOk(isNarrow(NO_FILTER));
  t.notOk(isNarrow({ ...NO_FILTER, isCharts: true }));
  t.ok(isNarrow({ ...NO_FILTER, agent: 'a' }));
  t.ok(isNarrow({ ...NO_FILTER, by: 'ann' }));
  t.ok(isNarrow({ ...NO_FILTER, since: 'today' }));
  t.ok(isNarrow({ ...NO_FILTER, statuses: STATUSES }));
});

test('times are those of the person, and a range has all of its days', async (t) => {
  const at = (since: 'any' | 'today' | '7d' | '30d', now = NOON) => boundsOf({ ...NO_FILTER, since }, now);
  t.strictSame(at('any'), { after: null, before: null });
  t.strictSame(at('today'), { after: NOON - 12 * HOUR - 1, before: null });
  t.strictSame(at('7d'), { after: NOON - 7 * 24 * HOUR, before: null });
  t.strictSame(at('30d'), { after: NOON - 30 * 24 * HOUR, before: null });
  const range = { ...NO_FILTER, since: 'range' } as const;
  t.strictSame(boundsOf(range, NOON), { after: null, before: null });
  t.strictSame(boundsOf({ ...range, from: '2026-11-24', to: '2026-11-25' }, NOON), {
    after: NOON - 36 * HOUR - 1,
    before: NOON + 12 * HOUR,
  });
});

test('a page is asked for with all that is looked for', async (t) => {
  const filter = { ...NO_FILTER, agent: 'a', by: 'token:ann' };
  t.equal(
    pathOf(filter, { after: 0, before: 1000 }, 50, 'c'),
    '/approvals?limit=50&status=resolved&status=expired&status=cancelled&agent_id=a&decided_by=token%3Aann' +
      '&created_after=1970-01-01T00%3A00%3A00.000Z&created_before=1970-01-01T00%3A00%3A01.000Z&cursor=c',
  );
  t.equal(
    pathOf({ ...NO_FILTER, statuses: ['pending'] }, { after: null, before: null }, 1, null),
    '/approvals?limit=1&status=pending',
  );
});

test('what arrives is matched as the service would', async (t) => {
  const open = { after: null, before: null };
  const one = decided('1');
  t.ok(isMatch(NO_FILTER, open, one));
  t.notOk(isMatch(NO_FILTER, open, approvalOf('1')));
  t.ok(isMatch({ ...NO_FILTER, agent: 'a' }, open, one));
  t.notOk(isMatch({ ...NO_FILTER, agent: 'b' }, open, one));
  t.ok(isMatch({ ...NO_FILTER, by: 'ann' }, open, one));
  t.ok(isMatch({ ...NO_FILTER, by: 'token:ann' }, open, one));
  t.notOk(isMatch({ ...NO_FILTER, by: 'bob' }, open, one));
  t.ok(isMatch(NO_FILTER, { after: NOON - 1, before: NOON + 1 }, one));
  t.notOk(isMatch(NO_FILTER, { after: NOON, before: null }, one));
  t.notOk(isMatch(NO_FILTER, { after: null, before: NOON }, one));
});

const ids = (approvals: readonly Approval[]) => approvals.map(({ id }) => id.slice('approval-'.length));

test('pages and what arrives between them show each approval once', async (t) => {
  let rows = addPage(NO_ROWS, [decided('5'), decided('4')]);
  rows = note(rows, decided('6'), true);
  rows = note(rows, decided('3'), true);
  t.strictSame(
    [ids(rows.shown), ids(rows.fresh)],
    [
      ['5', '4'],
      ['3', '6'],
    ],
    'nothing moves',
  );
  rows = addPage(rows, [decided('4'), decided('3'), decided('2')]);
  t.strictSame([ids(rows.shown), ids(rows.fresh)], [['5', '4', '3', '2'], ['6']]);
  rows = note(rows, decided('6'), true);
  t.strictSame(ids(rows.fresh), ['6'], 'told twice');
  rows = showFresh(rows);
  t.strictSame([ids(rows.shown), rows.added, rows.fresh], [['6', '5', '4', '3', '2'], 1, []]);
  rows = addPage(note(rows, decided('6'), true), [decided('6'), decided('1')]);
  t.strictSame(ids(rows.shown), ['6', '5', '4', '3', '2', '1']);
  t.ok(
    rows.shown.every(({ details }) => details === null),
    'what no row shows is not kept',
  );
});

test('what was pending becomes final where it is, and never again something else', async (t) => {
  let rows = addPage(NO_ROWS, [approvalOf('2', { details: null }), approvalOf('1')]);
  rows = note(rows, decided('1'), false);
  t.strictSame(
    rows.shown.map(({ status }) => status),
    ['pending', 'resolved'],
  );
  t.equal(note(rows, approvalOf('1'), true), rows);
  rows = note(note(rows, approvalOf('3'), true), decided('3'), false);
  t.strictSame(rows.fresh, [], 'it is no longer looked for');
  rows = addPage(note(rows, decided('0'), true), [approvalOf('0')]);
  t.equal(rows.shown.at(-1)?.status, 'resolved', 'a page that is older than what is known');
});

test('a saved table has a line for each approval and runs nothing', async (t) => {
  const hostile = '=HYPERLINK("https://evil.example","x")';
  const text = csvOf([
    decided('1', NOON, 1500, { action: hostile, comment: 'a, "b"\nc' }),
    approvalOf('2', { agent_id: null, requested_by: null, action: ' \t@SUM(1)', comment: '-1' }),
    decided('3', NOON, 0, { action: '+1', resolution: '\tx', comment: 'plain - text' }),
  ]);
  const at = new Date(NOON).toISOString();
  const [names, first, ...rest] = text.split('\r\n');
  t.equal(names?.split(',').length, 14);
  t.equal(
    first,
    `"approval-1","'=HYPERLINK(""https://evil.example"",""x"")","a","resolved","approved","approve","a, ""b""\nc","${at}",` +
      `"${new Date(NOON + 1500).toISOString()}","1500","asker","","ann","token:ann"`,
  );
  t.match(rest[0], /^"approval-2","' \t@SUM\(1\)","","pending","","","'-1"/);
  t.match(rest[1], /^"approval-3","'\+1","a","resolved","approved","'\tx","plain - text"/);
  t.equal(rest.at(-1), '', 'each line has an end');
});

test('a clock that was set back makes no time below zero', async (t) => {
  t.equal(tookMs(decided('1', NOON, -5000)), 0);
  t.equal(tookMs(approvalOf('1')), null);
});

test('a percentile is a value that there was', async (t) => {
  t.equal(percentile([], 50), null);
  t.equal(percentile([7], 95), 7);
  t.equal(percentile([1, 2, 3, 4], 50), 2);
  t.equal(percentile([...Array(100).keys()], 95), 94);
});

test('nothing is measured of nothing', async (t) => {
  t.match(measure([], NOON), {
    ...{ decided: 0, approved: 0, expired: 0, medianMs: null, p95Ms: null, mostPending: 0, steps: [] },
    buckets: [{ decided: 0, medianMs: null, mostPending: 0 }],
  });
});

test('decisions are measured for each hour, and what was pending at its most', async (t) => {
  const minutes = (count: number) => NOON + count * 60_000;
  const measures = measure(
    [
      decided('1', minutes(0), 1000),
      decided('2', minutes(0), 61 * 60_000, { outcome: 'denied', resolution: 'deny' }),
      decided('3', minutes(30), 3000),
      approvalOf('4', { created_at: new Date(minutes(200)).toISOString() }),
      decided('5', minutes(70), 500, { status: 'expired', outcome: 'expired', decided_by: null }),
      decided('6', minutes(71), -500),
    ],
    NOON + 10 * HOUR,
  );
  t.match(measures, { decided: 4, approved: 3, expired: 1, mostPending: 2, sizeMs: 15 * 60_000 });
  t.match(measures, { medianMs: 1000, p95Ms: 61 * 60_000 });
  t.equal(measures.buckets.length, 41);
  t.match(measures.buckets[0], {
    ...{ from: NOON, to: NOON + 15 * 60_000, decided: 1, medianMs: 1000, p95Ms: 1000, mostPending: 2 },
  });
  t.match(measures.buckets[1], { decided: 0, medianMs: null, mostPending: 1 }, 'one goes on to wait');
  t.match(measures.buckets[4], { decided: 2, medianMs: 0, p95Ms: 61 * 60_000 });
  t.strictSame(measures.steps.at(-1), { at: minutes(200), pending: 1 });
  t.ok(measures.steps.every(({ pending }) => pending >= 0));
});

test('however long it was, there are few enough points, and days begin at midnight', async (t) => {
  for (const days of [0, 0.01, 0.5, 3, 20, 300, 900, 40_000]) {
    const { buckets, sizeMs } = measure([decided('1', NOON), decided('2', NOON)], NOON + days * 24 * HOUR);
    t.ok(buckets.length >= 1 && buckets.length <= 120, `${days}: ${buckets.length} of ${sizeMs}`);
    t.ok((buckets[0]?.from ?? Number.NaN) <= NOON);
    t.equal(buckets[0]?.decided, 2);
    if (sizeMs >= 24 * HOUR) {
      t.ok(buckets.every(({ from }) => new Date(from).getHours() === 0));
    }
  }
  t.match(measure([decided('1', NOON, 1000)], NOON - HOUR), { decided: 1 }, 'an end before the beginning');
});

test('spans of time have a place on an axis between two that people know', async (t) => {
  t.equal(heightOf(null), null);
  t.equal(heightOf(0), 1);
  t.equal(heightOf(1000), 3);
  t.strictSame(rangeOf([heightOf(2000), null, heightOf(30_000)]).map(tickName), ['1 s', '1 min']);
  t.strictSame(rangeOf([heightOf(1000)]).map(tickName), ['1 s', '10 s']);
  t.strictSame(rangeOf([heightOf(0)]).map(tickName), ['10 ms', '100 ms']);
  t.strictSame(rangeOf([heightOf(1e12)]).map(tickName), ['30 d', '365 d']);
  t.strictSame(ticksIn(3, 5).map(tickName), ['1 s', '10 s', '1 min']);
});

test('a span is said as exactly as one asks for', async (t) => {
  t.strictSame([0, 12.4, 999, 1000, 60_000, 90_500, 599_999, 600_500, 7_200_000].map(spanName), [
    '0 ms',
    '12 ms',
    '999 ms',
    '1 s',
    '1 min',
    '1 min 30 s',
    '9 min 59 s',
    '10 min',
    '2 h',
  ]);
});

test('moments are named by the hour, and by the day where one begins', async (t) => {
  const times = [NOON, NOON + 12 * HOUR, NOON + 12.5 * HOUR];
  t.strictSame(timeNames(times, HOUR), ['12:00', '26 Nov', '00:30']);
  t.strictSame(timeNames(times, 24 * HOUR), ['25 Nov', '26 Nov', '26 Nov']);
});

test('days are counted where the person is', async (t) => {
  const late = new Date(2026, 10, 25, 23, 59).toISOString();
  t.equal(day(late), 'Wed 25 Nov 2026');
  t.equal(daysAgo(late, NOON), 0);
  t.equal(daysAgo(late, NOON + 12 * HOUR), 1);
  t.equal(daysAgo(late, NOON - 24 * HOUR), -1);
  t.equal(daysAgo(new Date().toISOString()), 0);
});

function eventOf(seq: number, kind: string, payload: unknown): Event {
  const timestamp = new Date(NOON + seq).toISOString();
  return { seq, id: `event-${seq}`, timestamp, kind, agent_id: null, message: '', payload } as Event;
}

test('what happened to an approval is told by its events, each once, in order', async (t) => {
  const final = decided('1');
  const requested = eventOf(2, 'approval.requested', approvalOf('1'));
  const passedOn = eventOf(4, 'approval.resolve_requested', {
    approval_id: final.id,
    resolution: 'deny',
    requesting_client_id: 'bob',
  });
  const resolved = eventOf(7, 'approval.resolved', final);
  const others = [
    eventOf(3, 'approval.requested', approvalOf('2')),
    eventOf(5, 'host.notification', { id: final.id }),
    eventOf(6, 'approval.expired', null),
  ];
  const timeline = timelineOf(final, [resolved, ...others, passedOn, requested, passedOn]);
  t.strictSame(
    timeline.map(({ what, who, option, seq }) => [what, who?.session_id, option, seq]),
    [
      ['requested', 'asker', null, 2],
      ['passed-on', 'bob', 'deny', 4],
      ['ended', 'ann', null, 7],
    ],
  );
});

test('without its events an approval tells what happened to it itself', async (t) => {
  const passed = { resolution: 'deny', comment: null, session_id: 'bob', principal: null, at: 'later' };
  t.strictSame(
    timelineOf(decided('1', NOON, 5, { resolve_requested: passed }), []).map(({ what, seq }) => [what, seq]),
    [
      ['requested', null],
      ['passed-on', null],
      ['ended', null],
    ],
  );
  t.match(timelineOf(approvalOf('1'), []), [{ what: 'requested', who: { session_id: 'asker' } }]);
});
