import { setTimeout as sleep } from 'node:timers/promises';
import { randomBelow } from '../host/random.ts';
import type { Board } from './board.ts';
import { type Call, Caller, type Traffic } from './caller.ts';
import { isUnknown, type Operation } from './history.ts';

const NODES = 3;
const THINK_MS = 80;
const TRIES_MAX = 6;

export interface ClientOptions {
  readonly traffic: Traffic;
  readonly board: Board;
  readonly random: () => number;
  /** Stop when it aborts, after what was begun. */
  readonly over: AbortSignal;
}

/** Asks, waits until the decision by way of any node, sometimes takes the question back. */
export async function runAsker(session: string, options: ClientOptions): Promise<void> {
  const caller = new Caller(session, options.traffic);
  await repeat(options, async (number) => {
    const mark = `${session} asks ${number}`;
    const { random } = options;
    if (random() < 0.5) {
      await askAndWait(caller, mark, options);
      return;
    }
    const id = await create(caller, mark, options);
    if (id === undefined) return;
    if (random() < 0.2) await cancel(caller, id, `${mark}, and takes it back`, options);
    const waits = Array.from({ length: 1 + randomBelow(random, 2) }, () => wait(caller, id, options));
    await Promise.all(waits);
  });
}

/** Decides what the streams show, in a race with the others, and looks at what came of it. */
export async function runDecider(session: string, options: ClientOptions): Promise<void> {
  const { board, random, traffic } = options;
  await repeat(options, async (number) => {
    // The same decision of one session again is answered with the first one and is not in the log.
    const caller = new Caller(`${session}-${number}`, traffic);
    const seen = board.choose(random);
    if (seen === undefined) return;
    const { id, seq: knownSeq } = seen;
    const body = { resolution: random() < 0.7 ? 'approve' : 'deny', comment: `${session} decides ${number}` };
    // The same decision again for somebody else's approval may be passed on again, after another one.
    const tries = seen.owner === null ? TRIES_MAX : 1;
    await untilKnown(tries, random, (node) =>
      caller.call({
        ...{ kind: 'resolve', node, method: 'POST', path: `/approvals/${id}/resolve`, body },
        ...{ mark: body.comment, about: id, knownSeq },
      }),
    );
    const isOrdered = random() < 0.5;
    const path = `/approvals/${id}`;
    await caller.call({
      ...{ kind: 'read', node: anyNode(random), method: 'GET', path, about: id, knownSeq, isOrdered },
    });
  });
}

/** An agent's life: it registers, says what it does, and goes. */
export async function runAgent(session: string, options: ClientOptions): Promise<void> {
  const { random } = options;
  const caller = new Caller(session, options.traffic);
  const about = `agent-of-${session}`;
  const to = (call: Pick<Call, 'kind' | 'method' | 'path' | 'body' | 'mark'>) =>
    caller.call({ ...call, node: anyNode(random), about });
  await repeat(options, async (number) => {
    const name = `${session} lives ${number}`;
    const body = { id: about, name, kind: 'external' };
    await to({ kind: 'register', method: 'POST', path: '/agents', body, mark: name });
    for (let step = 1; step <= 1 + randomBelow(random, 5); step++) {
      const message = `${name}, step ${step}`;
      const status = {
        status: random() < 0.5 ? 'running' : 'paused',
        current_task: message,
        message,
        ...(random() < 0.3 ? { payload: { step } } : {}),
      };
      await to({
        kind: 'report',
        method: 'PUT',
        path: `/agents/${about}/status`,
        body: status,
        mark: message,
      });
      await think(random);
    }
    if (random() < 0.5) await to({ kind: 'unregister', method: 'DELETE', path: `/agents/${about}` });
  });
}

/** Says something, each time on another node. */
export async function runTeller(session: string, options: ClientOptions): Promise<void> {
  const caller = new Caller(session, options.traffic);
  await repeat(options, async (number) => {
    const message = `${session} tells ${number}`;
    const node = anyNode(options.random);
    await caller.call({
      kind: 'notify',
      node,
      method: 'POST',
      path: '/events',
      body: { message },
      mark: message,
    });
  });
}

async function repeat(
  { over, random }: ClientOptions,
  run: (number: number) => Promise<void>,
): Promise<void> {
  for (let number = 1; !over.aborted; number++) {
    await run(number);
    await think(random);
  }
}

async function askAndWait(caller: Caller, mark: string, { random, over }: ClientOptions): Promise<void> {
  const body = { action: mark, details: { from: caller.session }, ...expiry(random) };
  for (let tries = 1; tries <= TRIES_MAX && !over.aborted; tries++) {
    const timeoutMs = randomBelow(random, 2500);
    const { answer } = await caller.call({
      ...{ kind: 'ask', node: anyNode(random), method: 'POST', path: '/approvals/wait', timeoutMs },
      ...{ body: { ...body, timeout_ms: timeoutMs }, mark, key: mark.replaceAll(' ', '-') },
    });
    if (answer?.status === 200 && answer.body.outcome !== 'timed_out') return;
  }
}

async function create(caller: Caller, mark: string, { random }: ClientOptions): Promise<string | undefined> {
  const body = { action: mark, system_level: random() < 0.6, ...expiry(random) };
  const hasKey = random() < 0.6;
  const made = await untilKnown(hasKey ? TRIES_MAX : 1, random, (node) =>
    caller.call({
      ...{ kind: 'create', node, method: 'POST', path: '/approvals', body, mark },
      ...(hasKey ? { key: mark.replaceAll(' ', '-') } : {}),
    }),
  );
  return made.answer !== null && made.answer.status < 300 ? made.answer.body.id : undefined;
}

async function wait(caller: Caller, id: string, { random, over }: ClientOptions): Promise<void> {
  for (let tries = 1; tries <= TRIES_MAX && !over.aborted; tries++) {
    const timeoutMs = randomBelow(random, 2500);
    const path = `/approvals/${id}/wait?timeout_ms=${timeoutMs}`;
    const { answer } = await caller.call({
      ...{ kind: 'wait', node: anyNode(random), method: 'GET', path, about: id, timeoutMs },
    });
    if (answer?.status === 200 && answer.body.outcome !== 'timed_out') return;
  }
}

async function cancel(caller: Caller, id: string, comment: string, { random }: ClientOptions): Promise<void> {
  await untilKnown(TRIES_MAX, random, (node) =>
    caller.call({
      ...{ kind: 'cancel', node, method: 'POST', path: `/approvals/${id}/cancel`, body: { comment } },
      ...{ mark: comment, about: id },
    }),
  );
}

/** The same request again on any node while nobody can say what came of it. */
async function untilKnown(
  tries: number,
  random: () => number,
  send: (node: number) => Promise<Operation>,
): Promise<Operation> {
  for (let left = tries; ; left--) {
    const operation = await send(anyNode(random));
    if (left <= 1 || !isUnknown(operation)) return operation;
    await think(random);
  }
}

function expiry(random: () => number): { expires_in_ms?: number } {
  return random() < 0.4 ? { expires_in_ms: 200 + randomBelow(random, 3000) } : {};
}

function anyNode(random: () => number): number {
  return randomBelow(random, NODES);
}

function think(random: () => number): Promise<void> {
  return sleep(1 + randomBelow(random, THINK_MS));
}
