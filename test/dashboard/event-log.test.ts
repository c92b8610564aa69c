import { test } from 'tap';
import {
  AGENT_ID,
  type EventFilter,
  familyOf,
  filterOf,
  KIND,
  pageOf,
  queryOf,
  testOf,
  toggleKind,
} from '../../src/dashboard/events/event-filter.ts';
import {
  begin,
  countFresh,
  type EventLog,
  fill,
  newestOf,
  ROWS_MAX,
  takeLive,
  takeOlder,
} from '../../src/dashboard/events/event-log.ts';
import { type Event, KIND_FILTER_PATTERN } from '../../src/model/event.ts';
import { NAME_PATTERN } from '../../src/model/session.ts';

function event(seq: number, kind = 'k', agent_id: string | null = null, id = `event-${seq}`): Event {
  return { seq, id, timestamp: 'now', kind, agent_id, message: '', payload: null };
}

/** From one `seq` to another, as they are live: oldest first. */
function run(from: number, to: number, kindOf: (seq: number) => string = () => 'k'): Event[] {
  return Array.from({ length: to - from + 1 }, (_, index) => event(from + index, kindOf(from + index)));
}

const ANY = () => true;
const odd = (seq: number) => (seq % 2 === 1 ? 'odd' : 'even');
const isOdd = ({ kind }: Event) => kind === 'odd';
const seqs = ({ rows }: EventLog) => rows.map(({ seq }) => seq);

test('kinds and ids are taken as the service takes them', async (t) => {
  t.equal(KIND.source, KIND_FILTER_PATTERN);
  t.equal(AGENT_ID.source, NAME_PATTERN);
});

test('a filter of events is in the address, without what is none', async (t) => {
  const filter: EventFilter = { kinds: ['approval.*', 'deploy'], agentId: 'a:1' };
  t.strictSame(filterOf(queryOf(filter)), filter);
  t.strictSame(filterOf(new URLSearchParams('kind=A&kind=x&kind=x&kind=<b>&agent=a/b')), {
    kinds: ['x'],
    agentId: null,
  });
  t.equal(String(queryOf({ kinds: [], agentId: null })), '');
  const many = new URLSearchParams(
    Array.from({ length: 50 }, (_, index): [string, string] => ['kind', `k${index}`]),
  );
  t.equal(filterOf(many).kinds.length, 20);
});

test('a page is asked for with the same filter', async (t) => {
  t.equal(pageOf({ kinds: [], agentId: null }, { before: 9, limit: 5 }), '/events?before=9&limit=5');
  t.equal(
    pageOf({ kinds: ['a.*', 'b'], agentId: 'x:1' }, { limit: 1 }),
    '/events?kind=a.*&kind=b&agent_id=x%3A1&limit=1',
  );
});

test('live events pass the filter that their page passes', async (t) => {
  const passes = (filter: Partial<EventFilter>, one: Event) =>
    testOf({ kinds: [], agentId: null, ...filter })(one);
  t.ok(passes({}, event(1)));
  t.ok(passes({ kinds: ['a.*', 'b'] }, event(1, 'a.x.y')));
  t.ok(passes({ kinds: ['a.*', 'b'] }, event(1, 'b')));
  t.notOk(passes({ kinds: ['a.*', 'b'] }, event(1, 'a')));
  t.notOk(passes({ kinds: ['a.*', 'b'] }, event(1, 'ab.x')));
  t.ok(passes({ agentId: 'x' }, event(1, 'k', 'x')));
  t.notOk(passes({ agentId: 'x' }, event(1)));
  t.notOk(passes({ agentId: 'x', kinds: ['b'] }, event(1, 'k', 'x')));
});

test('a kind is added and taken away', async (t) => {
  const added = toggleKind({ kinds: ['a'], agentId: 'x' }, 'b');
  t.strictSame(added, { kinds: ['a', 'b'], agentId: 'x' });
  t.strictSame(toggleKind(added, 'a').kinds, ['b']);
  t.strictSame(['agent.registered', 'approval.x', 'deploy', 'agents.x'].map(familyOf), [
    'agent',
    'approval',
    'own',
    'own',
  ]);
});

test('a log begins with what is live and takes in what comes, once', async (t) => {
  const log = begin(run(10, 14, odd), isOdd);
  t.strictSame(seqs(log), [13, 11]);
  t.match(log, { oldest: 10, newest: 14, isEnd: false });
  const next = takeLive(log, run(10, 17, odd), isOdd) as EventLog;
  t.strictSame(seqs(next), [17, 15, 13, 11]);
  t.equal(takeLive(next, run(12, 17, odd), isOdd), next, 'nothing new');
  t.strictSame(begin([], ANY), { oldest: 1, newest: 0, newestId: '', rows: [], isEnd: false });
  t.strictSame(seqs(takeLive(begin([], ANY), run(1, 2), ANY) as EventLog), [2, 1]);
});

test('another log under the same numbers begins anew', async (t) => {
  const log = begin(run(10, 14), ANY);
  t.strictSame(seqs(takeLive(log, run(1, 3), ANY) as EventLog), [3, 2, 1], 'it is shorter');
  t.strictSame(seqs(takeLive(log, [], ANY) as EventLog), []);
  const other = [event(14, 'k', null, 'event-other'), event(15)];
  t.strictSame(seqs(takeLive(log, other, ANY) as EventLog), [15, 14], 'it is longer');
});

test('a gap is noticed, and filled by number, nothing twice', async (t) => {
  const log = begin(run(10, 12, odd), isOdd);
  const live = run(20, 22, odd);
  t.equal(takeLive(log, live, isOdd), null);
  const part = fill(log, [event(13), event(15)], 19, 22);
  t.match(part, { newest: 15 });
  const whole = fill(part, [event(15), event(17), event(19), event(21), event(23)], 19, 22);
  t.match(whole, { newest: 22 }, 'what is newer than all that is known comes by itself');
  t.strictSame(seqs(whole), [21, 19, 17, 15, 13, 11]);
  t.equal(takeLive(whole, live, isOdd), whole);
  t.strictSame(seqs(takeLive(whole, run(21, 25, odd), isOdd) as EventLog), [25, 23, 21, 19, 17, 15, 13, 11]);
  t.match(fill(part, [event(17)], 16, 22), { newest: 17 });
  t.match(fill(log, [], 19, 22), { newest: 19, rows: log.rows }, 'nothing in it passes the filter');
});

test('what has come while somebody reads is counted as far as it is known', async (t) => {
  const log = begin(run(10, 12, odd), isOdd);
  t.strictSame(countFresh(log, run(11, 17, odd), isOdd), { count: 3, isMore: false });
  t.strictSame(countFresh(log, run(10, 12, odd), isOdd), { count: 0, isMore: false });
  t.strictSame(countFresh(log, run(15, 17, odd), isOdd), { count: 2, isMore: true });
  t.strictSame(countFresh(begin([], ANY), [], ANY), { count: 0, isMore: false });
});

test('older pages follow, until an empty one or the first event', async (t) => {
  const log = begin(run(10, 12), ANY);
  const older = takeOlder(log, [event(10), event(9), event(7)], 10);
  t.strictSame(seqs(older), [12, 11, 10, 9, 7]);
  t.match(older, { oldest: 7, isEnd: false });
  t.equal(takeOlder(older, [event(6)], 10), older, 'a page that was asked for before something else came');
  t.match(takeOlder(older, [], 7), { isEnd: true, oldest: 7 });
  t.match(takeOlder(older, [event(1)], 7), { isEnd: true, oldest: 1 });
});

test('a log that only grows is cut, and what was cut can be read again', async (t) => {
  let log = begin(run(1, 100), ANY);
  log = takeOlder(log, [], 1);
  t.ok(log.isEnd);
  for (let seq = 100; seq < ROWS_MAX + 100; seq += 100) {
    log = takeLive(log, run(seq, seq + 100), ANY) as EventLog;
  }
  t.equal(log.rows.length, ROWS_MAX / 2);
  t.match(log, { newest: ROWS_MAX + 100, oldest: ROWS_MAX / 2 + 101, isEnd: false });
});

test('the newest events of one agent are of a page and of what came since', async (t) => {
  const page = [event(5, 'k', 'a'), event(3, 'k', 'a'), event(1, 'k', 'a')];
  const live = [event(5, 'k', 'a'), event(6, 'k', 'b'), event(7, 'k', 'a')];
  const found = newestOf(page, live, testOf({ kinds: [], agentId: 'a' }), 3);
  t.strictSame(
    found.map(({ seq }) => seq),
    [7, 5, 3],
  );
});
