import { isDeepStrictEqual } from 'node:util';
import type { Facts } from './facts.ts';
import { approvalOf, isFinal, type LogEvent, type Snapshot, type Wrong } from './history.ts';
import { digestOf } from './reader.ts';

const EVENTS = 100;

/** A snapshot is what was open at its moment, all of it and nothing else, with the newest events. */
export function* checkSnapshots(facts: Facts): Generator<Wrong> {
  for (const { name, connections } of facts.readings) {
    for (const { snapshot, node } of connections) {
      const what = snapshot && differenceOf(snapshot, facts);
      if (what) {
        yield {
          rule: 'a snapshot is the state of its moment',
          what: `${name} got one of ${snapshot.seq} from node ${node}: ${what}`,
          about: name,
        };
      }
    }
  }
}

function differenceOf({ seq, agents, approvals, events }: Snapshot, facts: Facts): string | null {
  const { log, byAgent, byApproval } = facts;
  const due = log.slice(Math.max(0, seq - EVENTS), seq).map(digestOf);
  const got = events.map(({ digest }) => digest);
  if (!isDeepStrictEqual(got, due)) return `${got.length} events, not the ${due.length} newest`;
  const open = [...byApproval].filter(([, all]) => isPending(upTo(all, seq))).map(([id]) => id);
  const pending = approvals.filter(({ status }) => status === 'pending').map(({ id }) => id);
  if (!isDeepStrictEqual(pending.sort(), open.sort()) || pending.length < approvals.length) {
    return `the approvals ${pending.join(', ')} and not ${open.join(', ')}`;
  }
  const there = [...byAgent].flatMap(([id, all]) => nameOf(id, upTo(all, seq)));
  const found = agents.map(({ id, name }) => `${id} ${name}`);
  return isDeepStrictEqual(found.sort(), there.sort())
    ? null
    : `the agents ${found.join(', ')} and not ${there.join(', ')}`;
}

function upTo(events: readonly LogEvent[], seq: number): readonly LogEvent[] {
  return events.filter((event) => event.seq <= seq);
}

function isPending(events: readonly LogEvent[]): boolean {
  return events.length > 0 && events.every((event) => approvalOf(event) !== null && !isFinal(event));
}

/** Of an agent that is there after these. */
function nameOf(id: string, events: readonly LogEvent[]): string[] {
  const registered = events.findLast(({ kind }) => kind === 'agent.registered');
  const isThere = registered !== undefined && events.at(-1)?.kind !== 'agent.unregistered';
  return isThere ? [`${id} ${registered.payload.name}`] : [];
}
