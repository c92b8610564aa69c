import {
  approvalOf,
  type Fault,
  type History,
  isFinal,
  type LogEvent,
  markOf,
  type Operation,
} from './history.ts';

/** A history with what the rules look things up in. */
export interface Facts extends History {
  readonly byMark: ReadonlyMap<string, readonly LogEvent[]>;
  readonly byApproval: ReadonlyMap<string, readonly LogEvent[]>;
  readonly byAgent: ReadonlyMap<string, readonly LogEvent[]>;
  /** The event that made it final. */
  finalOf(approvalId: string): LogEvent | undefined;
  /** Faults of these names that the request met on its node. */
  met(operation: Operation, names: readonly string[]): Fault[];
}

export function factsOf(history: History): Facts {
  const { log } = history;
  const byApproval = grouped(log, approvalOf);
  return {
    ...history,
    byMark: grouped(log, markOf),
    byApproval,
    byAgent: grouped(log, ({ kind, agent_id }) => (kind.startsWith('agent.') ? agent_id : null)),
    finalOf: (id) => byApproval.get(id)?.find(isFinal),
    met: ({ node, begunAt, endedAt }, names) =>
      history.faults.filter(
        (fault) =>
          names.includes(fault.fault) &&
          fault.node === node &&
          fault.begunAt <= endedAt &&
          fault.endedAt >= begunAt,
      ),
  };
}

export function grouped<T>(all: readonly T[], keyOf: (one: T) => string | null): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}

/** A request in a sentence. */
export function asText({ kind, mark, about, session, node, answer }: Operation): string {
  const what = mark ?? about ?? '';
  return `'${kind}' of ${session} on node ${node} (${what}), answered ${answer?.status ?? 'not at all'}`;
}
