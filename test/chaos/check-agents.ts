import { isDeepStrictEqual } from 'node:util';
import { type Facts, grouped } from './facts.ts';
import type { LogEvent, Operation, Wrong } from './history.ts';

export function* checkAgents(facts: Facts): Generator<Wrong> {
  const { byAgent, endings, operations } = facts;
  const rule = 'an agent ends as its last event says';
  const reports = grouped(operations, ({ kind, mark }) => (kind === 'report' ? mark : null));
  for (const [about, events] of byAgent) {
    const expected = endOf(events, reports);
    for (const [node, { agents }] of endings.entries()) {
      const found = agents.find(({ id }) => id === about);
      const state = found && { name: found.name, status: found.status, current_task: found.current_task };
      if (!isDeepStrictEqual(state, expected)) {
        const what = `node ${node} has ${JSON.stringify(state)} and not ${JSON.stringify(expected)}`;
        yield { rule, what, about };
      }
    }
    if (!isLife(events)) {
      const what = `${about} changes or goes without being there`;
      yield { rule: 'only a registered agent changes', what, about };
    }
  }
}

interface End {
  readonly name: string;
  readonly status: unknown;
  readonly current_task: unknown;
}

/** Undefined: it is unregistered. A report with a payload of its own is known by what was asked for. */
function endOf(
  events: readonly LogEvent[],
  reports: ReadonlyMap<string, readonly Operation[]>,
): End | undefined {
  const last = events.at(-1) as LogEvent;
  if (last.kind === 'agent.unregistered') return undefined;
  const { name } = events.findLast(({ kind }) => kind === 'agent.registered')?.payload ?? {};
  const report = last.kind === 'agent.registered' ? undefined : reports.get(last.message)?.[0];
  return report === undefined
    ? { name, status: last.payload.status, current_task: last.payload.current_task }
    : { name, status: report.body.status, current_task: report.body.current_task };
}

function isLife(events: readonly LogEvent[]): boolean {
  let isThere = false;
  return events.every(({ kind }) => {
    const isRight = isThere || kind === 'agent.registered';
    isThere = kind !== 'agent.unregistered';
    return isRight;
  });
}
