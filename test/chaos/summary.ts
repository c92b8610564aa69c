import { approvalOf, type History, markOf, type Operation, type Wrong } from './history.ts';

const STORY_MAX = 80;

/** What was done, how often each answer and each fault came, and what the streams saw. */
export function summaryOf({ operations, faults, readings, endings, log, floors }: History): string[] {
  const answers = counted(operations, ({ kind, answer }) => `${kind} ${nameOf(answer)}`);
  const connections = readings.flatMap((reading) => reading.connections);
  const delivered = connections.reduce((sum, { seen }) => sum + seen.length, 0);
  const snapshots = connections.filter(({ snapshot }) => snapshot !== null).length;
  const gaps = connections.filter(({ hello }) => hello?.gap).length;
  return [
    `${operations.length} requests, ${log.length} events, ${endings[0]?.approvals.length} approvals`,
    `${readings.length} readers with ${connections.length} connections got ${delivered} events, ${snapshots} snapshots, and were told of ${gaps} gaps`,
    `the floor moved ${floors.length} times, to ${floors.at(-1)?.floor ?? 0}`,
    ...lines('answers', answers),
    ...lines(
      'events',
      counted(log, ({ kind }) => kind),
    ),
    ...lines(
      'faults',
      counted(faults, ({ fault }) => fault),
    ),
  ];
}

/** All that the history has about it, and the faults of that time. */
export function storyOf(history: History, { about }: Wrong): string[] {
  if (about === null) return [];
  const { log } = history;
  const events = log.filter((event) => [approvalOf(event), markOf(event), event.agent_id].includes(about));
  const ids = new Set<string | null>([
    about,
    ...events.flatMap((event) => [approvalOf(event), markOf(event)]),
  ]);
  ids.delete(null);
  const operations = history.operations.filter(({ about: id, mark }) => ids.has(id) || ids.has(mark));
  const times = [
    ...operations.map(({ begunAt }) => begunAt),
    ...events.map(({ timestamp }) => Date.parse(timestamp)),
  ];
  const [from, to] = [Math.min(...times), Math.max(...operations.map(({ endedAt }) => endedAt))];
  const faults = history.faults.filter(
    ({ begunAt, endedAt }) => begunAt <= to + 1000 && endedAt >= from - 1000,
  );
  return [
    ...events.map(({ timestamp, seq, kind, payload }) => [
      Date.parse(timestamp),
      `log ${seq} ${kind} ${short(payload)}`,
    ]),
    ...operations.map((operation) => [operation.begunAt, tell(operation)]),
    ...faults.map(({ fault, node, begunAt, endedAt }) => [
      begunAt,
      `${fault}${node === null ? '' : `, node ${node}`}, for ${endedAt - begunAt} ms`,
    ]),
  ]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([at, text]) => `${String(Number(at) - from).padStart(7)} ms  ${text}`)
    .slice(0, STORY_MAX);
}

function tell({ kind, node, session, mark, about, answer, begunAt, endedAt, knownSeq }: Operation): string {
  const what = `${session} on node ${node}: ${kind} ${mark ?? about}, knowing ${knownSeq}`;
  return `${what}: after ${endedAt - begunAt} ms ${nameOf(answer)}, seq ${answer?.seq} ${short(answer?.body)}`;
}

function short(value: unknown): string {
  return JSON.stringify(value ?? null).slice(0, 300);
}

function nameOf(answer: Operation['answer']): string {
  if (answer === null) return 'none';
  const { status, body } = answer;
  return [status, body?.outcome && body.approval ? body.outcome : body?.code].filter(Boolean).join(' ');
}

function counted<T>(all: readonly T[], nameOf: (one: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(nameOf(one), (counts.get(nameOf(one)) ?? 0) + 1);
  return counts;
}

function lines(title: string, counts: ReadonlyMap<string, number>): string[] {
  const sorted = [...counts].sort(([a], [b]) => a.localeCompare(b));
  return [`${title}:`, ...sorted.map(([name, count]) => `  ${String(count).padStart(7)} x ${name}`)];
}
