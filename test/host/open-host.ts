import { mock } from 'node:test';
import type { Test } from 'tap';
import type { Done, Result } from '../../src/host/executor.ts';
import { Host, type HostOptions } from '../../src/host/host.ts';
import { eventJson, type Journal, type OpenEntity } from '../../src/host/journal.ts';
import type { Refusal } from '../../src/host/refusal.ts';
import type { WaitEnd } from '../../src/host/waits.ts';
import { openJournal } from '../../src/journal/open.ts';
import type { Agent } from '../../src/model/agent.ts';
import type { Approval } from '../../src/model/approval.ts';
import type { Event } from '../../src/model/event.ts';
import { NO_LIMITS, NOW } from './samples.ts';

export interface Opened {
  readonly host: Host;
  readonly journal: Journal;
  /** `now` is what the host's clock says. */
  readonly clock: { now: number };
  /** What the host reported as errors. */
  readonly reported: string[];
}

/** A host on a log of its own in memory, or on `journal`; both end with the test. */
export async function openHost(
  t: Test,
  options: Partial<HostOptions> & { journal?: Journal; clock?: () => number } = {},
): Promise<Opened> {
  const { journal = await openMemory(t), ...given } = options;
  const clock = { now: NOW };
  const reported: string[] = [];
  const host = new Host(journal, {
    node: 'node-1',
    clock: () => clock.now,
    defaultExpiresMs: null,
    recentBytes: 1024 * 1024,
    limits: NO_LIMITS,
    reportError: (message) => reported.push(message),
    ...given,
  });
  await host.begin(await journal.boot());
  t.teardown(() => host.stop());
  return { host, journal, clock, reported };
}

export async function openMemory(t: Test): Promise<Journal> {
  const journal = await openJournal('memory:', {
    retainEvents: 1000,
    retainApprovalsDays: 365,
    onFatal: (error) => t.fail(error.message),
  });
  t.teardown(() => journal.close());
  return journal;
}

/** The journal, with some of its methods replaced. */
export function wrap(journal: Journal, replaced: Partial<Journal>): Journal {
  return {
    epoch: journal.epoch,
    logId: journal.logId,
    shared: journal.shared,
    now: () => journal.now(),
    boot: () => journal.boot(),
    tail: (reader) => journal.tail(reader),
    append: (change) => journal.append(change),
    events: (query) => journal.events(query),
    approval: (id) => journal.approval(id),
    approvalByKey: (keyId) => journal.approvalByKey(keyId),
    approvals: (query) => journal.approvals(query),
    problem: () => journal.problem(),
    statistics: () => journal.statistics(),
    close: () => journal.close(),
    ...replaced,
  };
}

/** The journal as a process finds it that starts after `host`: it boots from what is open in `host`. */
export function restarted(host: Host, journal: Journal): Journal {
  const { seq, agents, approvals } = host.capture();
  const open: OpenEntity[] = [
    ...agents.map(({ agent, seq }) => ({
      type: 'agent' as const,
      id: agent.id,
      seq,
      createdSeq: seq,
      expiresAt: null,
      state: JSON.stringify(agent),
    })),
    ...approvals.map((held) => ({
      ...held,
      type: 'approval' as const,
      expiresAt: expiryIn(held.state),
    })),
  ];
  return wrap(journal, { boot: async () => ({ head: seq, floor: host.floor, open: [open] }) });
}

function expiryIn(approval: string): number | null {
  const { expires_at } = JSON.parse(approval) as Approval;
  return expires_at === null ? null : Date.parse(expires_at);
}

/** Throws if the host refused. */
export function doneOf(result: Result): Done {
  if ('refusal' in result) {
    throw new Error(`the host refused: ${JSON.stringify(result.refusal)}`);
  }
  return result;
}

export function approvalIn(result: Result): Approval {
  return JSON.parse(doneOf(result).json);
}

export function agentIn(result: Result): Agent {
  return JSON.parse(doneOf(result).json);
}

/** Throws if the host did not refuse. */
export function refusalIn(result: Result): Refusal {
  if (!('refusal' in result)) {
    throw new Error(`the host did it: ${JSON.stringify(result)}`);
  }
  return result.refusal;
}

export async function approvalOf(host: Host, id: string): Promise<Approval> {
  const held = await host.approval(id);
  if (held === undefined) {
    throw new Error(`the host does not know '${id}'`);
  }
  return JSON.parse(held.state);
}

/** Every event that is kept, oldest first. */
export async function eventsOf(host: Host): Promise<Event[]> {
  const query = { after: 0, before: null, order: 'asc', limit: 10_000, kinds: [], agentId: null } as const;
  const { events } = await host.events(query);
  return events.map((event) => JSON.parse(eventJson(event)));
}

export async function kindsOf(host: Host): Promise<string[]> {
  return (await eventsOf(host)).map(({ kind }) => kind);
}

export interface Ended {
  readonly type: WaitEnd['type'];
  readonly outcome?: string;
  readonly approval: Approval;
}

/** Parks a wait. `parked` resolves when it is, `ended` when it is told. */
export function waitFor(host: Host, id: string, timeoutMs = 600_000) {
  const { promise: ended, resolve: end } = Promise.withResolvers<Ended>();
  const parked = host.wait(id, timeoutMs, (told) => {
    end(
      told.type === 'answer'
        ? { type: told.type, ...JSON.parse(told.json) }
        : { type: told.type, approval: JSON.parse(told.approval) },
    );
  });
  return { parked, ended };
}

/** Timers that fire only when the test says so, until it ends. */
export function manualTimers(t: Test): (ms: number) => void {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.teardown(() => mock.timers.reset());
  return (ms) => mock.timers.tick(ms);
}

/** Resolves with the next event of this kind. */
export function nextEvent(host: Host, kind: string): Promise<Event> {
  return new Promise((resolve) => {
    const unsubscribe = host.subscribe((entries) => {
      const entry = entries.find((one) => one.kind === kind);
      if (entry !== undefined) {
        unsubscribe();
        resolve(JSON.parse(eventJson(entry)));
      }
    });
  });
}
