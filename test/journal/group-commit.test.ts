import { type Test, test } from 'tap';
import { type Change, type Conflict, OutcomeUnknown, StorageUnavailable } from '../../src/host/journal.ts';
import {
  type CommitResult,
  FULL_GROUP,
  GroupCommit,
  MAX_GROUP,
  MAX_GROUPS_IN_FLIGHT,
  MAX_QUEUED,
} from '../../src/journal/group-commit.ts';
import { notification } from './changes.ts';
import { Recorder } from './recorder.ts';

interface Running {
  readonly changes: readonly Change[];
  readonly result: PromiseWithResolvers<CommitResult>;
}

/** An engine whose commits end when the test says so, the oldest first. */
class ManualEngine {
  readonly groups: (readonly Change[])[] = [];
  fullGroup?: number;
  probes = 0;
  probed: () => Promise<void> = async () => {};
  #head = 0;
  readonly #running: Running[] = [];

  /** Groups that have not been answered. */
  get inFlight(): number {
    return this.#running.length;
  }

  commit(changes: readonly Change[]): Promise<CommitResult> {
    this.groups.push(changes);
    const result = Promise.withResolvers<CommitResult>();
    this.#running.push({ changes, result });
    return result.promise;
  }

  probe(): Promise<void> {
    this.probes += 1;
    return this.probed();
  }

  async succeed(conflicts: ReadonlyMap<number, Conflict> = new Map()): Promise<void> {
    const { changes, result } = await this.#oldest();
    const first = this.#head + 1;
    this.#head += changes.length - conflicts.size;
    result.resolve({ first, conflicts });
  }

  async fail(error: Error): Promise<void> {
    (await this.#oldest()).result.reject(error);
  }

  async #oldest(): Promise<Running> {
    while (this.#running.length === 0) await new Promise(setImmediate);
    return this.#running.shift() as Running;
  }
}

function make(t: Test, probeEveryMs = 60_000) {
  const engine = new ManualEngine();
  const fatal: Error[] = [];
  const commits: number[] = [];
  const group = new GroupCommit(engine, {
    onFatal: (error) => fatal.push(error),
    onCommit: (changes, seconds) => {
      t.ok(seconds >= 0);
      commits.push(changes);
    },
    probeEveryMs,
  });
  t.teardown(() => group.close());
  const append = (times: number) => Array.from({ length: times }, () => group.append(notification()));
  return { engine, group, fatal, commits, append };
}

test('what arrives while two groups are on their way shares the next one', async (t) => {
  const { engine, append, commits, group } = make(t);
  const first = append(2);
  await new Promise(setImmediate);
  const second = append(1);
  await new Promise(setImmediate);
  const third = append(3);
  await new Promise(setImmediate);
  const late = append(1);
  await new Promise(setImmediate);
  t.equal(engine.inFlight, MAX_GROUPS_IN_FLIGHT);
  await engine.succeed();
  await Promise.all(first);
  await engine.succeed();
  await Promise.all(second);
  await engine.succeed();
  t.strictSame(await Promise.all([...third, ...late]), [{ seq: 4 }, { seq: 5 }, { seq: 6 }, { seq: 7 }]);
  t.strictSame(
    engine.groups.map(({ length }) => length),
    [2, 1, 4],
  );
  t.strictSame(commits, [2, 1, 4]);
  t.strictSame([group.commits, group.changes], [3, 7]);
});

test('a group that is full does not wait for the end of the turn', async (t) => {
  const { engine, append } = make(t);
  const appended = append(2 * FULL_GROUP + 1);
  t.strictSame(
    engine.groups.map(({ length }) => length),
    [FULL_GROUP, FULL_GROUP],
  );
  for (let groups = 0; groups < 3; groups += 1) await engine.succeed();
  t.strictSame((await Promise.all(appended)).at(-1), { seq: 2 * FULL_GROUP + 1 });
});

test('an engine may have other full groups', async (t) => {
  const { engine, append } = make(t);
  engine.fullGroup = 3;
  const appended = append(7);
  t.strictSame(
    engine.groups.map(({ length }) => length),
    [3, 3],
  );
  for (let groups = 0; groups < 3; groups += 1) await engine.succeed();
  t.strictSame((await Promise.all(appended)).at(-1), { seq: 7 });
});

test('a group has a limit, and so has the queue', async (t) => {
  const { engine, append, group } = make(t);
  const onTheirWay = append(MAX_GROUPS_IN_FLIGHT * FULL_GROUP);
  const accepted = append(MAX_QUEUED);
  await t.rejects(group.append(notification()), StorageUnavailable);
  for (let groups = 0; groups < MAX_GROUPS_IN_FLIGHT + MAX_QUEUED / MAX_GROUP; groups += 1) {
    await engine.succeed();
  }
  await Promise.all(onTheirWay);
  t.strictSame((await Promise.all(accepted)).at(-1), { seq: MAX_GROUPS_IN_FLIGHT * FULL_GROUP + MAX_QUEUED });
  t.ok(engine.groups.slice(MAX_GROUPS_IN_FLIGHT).every(({ length }) => length === MAX_GROUP));
});

test('a group that was on its way behind one that failed is not answered as durable', async (t) => {
  const { engine, append, group, fatal } = make(t);
  const tail = new Recorder();
  group.tail(tail);
  const first = append(1);
  await new Promise(setImmediate);
  const second = append(1);
  await new Promise(setImmediate);
  t.equal(engine.inFlight, 2);
  const error = new Error('disk I/O error');
  await engine.fail(error);
  await engine.succeed();
  await t.rejects(first[0] as Promise<unknown>, OutcomeUnknown);
  await t.rejects(second[0] as Promise<unknown>, OutcomeUnknown);
  t.strictSame([fatal, tail.seqs], [[error], []]);
});

test('a group and the queue are limited by the length of their texts too', async (t) => {
  const { engine, group } = make(t);
  const long = notification({ payload: JSON.stringify('x'.repeat(1024 * 1024)) });
  const inGroup = 16;
  const count = MAX_GROUPS_IN_FLIGHT * inGroup + 255;
  const accepted = Array.from({ length: count }, () => group.append(long));
  await t.rejects(group.append(long), StorageUnavailable, 'the next one would be too much');
  const short = group.append(notification());
  for (let groups = 0; groups < MAX_GROUPS_IN_FLIGHT + 16; groups += 1) await engine.succeed();
  t.strictSame(await short, { seq: count + 1 });
  t.strictSame((await Promise.all(accepted)).at(-1), { seq: count });
  t.ok(
    engine.groups.every((changes) => changes.length <= inGroup),
    'each ends with the change that makes it 16 MiB',
  );
  const again = group.append(long);
  await engine.succeed();
  t.strictSame(await again, { seq: count + 2 }, 'and there is room again');
});

test('a conflict is the answer of its change only, and the tail does not see it', async (t) => {
  const { engine, append, group } = make(t);
  const tail = new Recorder();
  group.tail(tail);
  const appended = append(3);
  const conflict = { conflict: 'version', version: 9 } as const;
  await engine.succeed(new Map([[1, conflict]]));
  t.strictSame(await Promise.all(appended), [{ seq: 1 }, conflict, { seq: 2 }]);
  t.strictSame(tail.seqs, [1, 2]);
});

test('a floor is passed on, if there is a tail', (t) => {
  const { group } = make(t);
  group.moveFloor(3);
  const tail = new Recorder();
  group.tail(tail);
  group.moveFloor(5);
  t.strictSame(tail.floors, [5]);
  t.end();
});

test('a transaction that failed is a problem until one works', async (t) => {
  const { engine, append, group, fatal } = make(t);
  const refused = append(2);
  await engine.fail(new StorageUnavailable('the disk is full'));
  for (const append of refused) await t.rejects(append, new StorageUnavailable('the disk is full'));
  t.equal(group.problem(), 'the disk is full');
  const again = append(1);
  await engine.fail(new StorageUnavailable('the disk is still full'));
  await t.rejects(again[0] as Promise<unknown>, StorageUnavailable);
  t.equal(group.problem(), 'the disk is still full');
  const next = append(1);
  await engine.succeed();
  t.strictSame(await next[0], { seq: 1 });
  t.equal(group.problem(), null);
  t.strictSame([engine.probes, fatal], [0, []]);
});

test('a journal that cannot write tries by itself', async (t) => {
  const { engine, append, group } = make(t, 1);
  const worked = Promise.withResolvers<void>();
  engine.probed = async () => {
    t.equal(group.problem(), 'the disk is full');
    if (engine.probes < 3) throw new StorageUnavailable('the disk is full');
    worked.resolve();
  };
  const refused = append(1);
  await engine.fail(new StorageUnavailable('the disk is full'));
  await t.rejects(refused[0] as Promise<unknown>, StorageUnavailable);
  await worked.promise;
  await new Promise(setImmediate);
  t.equal(group.problem(), null);
  t.equal(engine.probes, 3);
});

test('a probe whose answer was lost is not fatal, and is tried again', async (t) => {
  const { engine, append, group, fatal } = make(t, 1);
  const worked = Promise.withResolvers<void>();
  engine.probed = async () => {
    if (engine.probes < 2) throw new OutcomeUnknown('no answer');
    worked.resolve();
  };
  const refused = append(1);
  await engine.fail(new StorageUnavailable('the database is away'));
  await t.rejects(refused[0] as Promise<unknown>, StorageUnavailable);
  await worked.promise;
  await new Promise(setImmediate);
  t.strictSame([group.problem(), fatal], [null, []]);
});

test('a journal that is closed stops trying', async (t) => {
  const { engine, append, group } = make(t, 1);
  const probing = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  engine.probed = () => {
    probing.resolve();
    return answer.promise;
  };
  const refused = append(1);
  await engine.fail(new StorageUnavailable('the disk is full'));
  await t.rejects(refused[0] as Promise<unknown>, StorageUnavailable);
  await probing.promise;
  await group.close();
  answer.reject(new StorageUnavailable('the disk is full'));
  await new Promise(setImmediate);
  t.equal(engine.probes, 1);
});

test('any other error of a commit is fatal, once, and never tried again', async (t) => {
  const { engine, append, group, fatal } = make(t);
  const running = append(1);
  await new Promise(setImmediate);
  const next = append(1);
  await new Promise(setImmediate);
  const waiting = append(2);
  const error = new Error('disk I/O error');
  await engine.fail(error);
  await t.rejects(running[0] as Promise<unknown>, OutcomeUnknown);
  for (const append of waiting) await t.rejects(append, StorageUnavailable);
  await engine.fail(error);
  await t.rejects(next[0] as Promise<unknown>, OutcomeUnknown);
  await t.rejects(group.append(notification()), StorageUnavailable);
  group.fail(new Error('another'));
  t.strictSame(fatal, [error]);
  t.equal(group.problem(), 'disk I/O error');
  t.equal(engine.groups.length, 2);
});

test('any other error of a probe is fatal too', async (t) => {
  const { engine, append, group, fatal } = make(t, 1);
  const probed = Promise.withResolvers<void>();
  const error = new Error('disk I/O error');
  engine.probed = async () => {
    setImmediate(probed.resolve);
    throw error;
  };
  const refused = append(1);
  await engine.fail(new StorageUnavailable('the disk is full'));
  await t.rejects(refused[0] as Promise<unknown>, StorageUnavailable);
  await probed.promise;
  t.strictSame(fatal, [error]);
  t.equal(group.problem(), 'disk I/O error');
});

test('an engine that always works needs no probe, and close may be called again', async (t) => {
  const engine = new ManualEngine();
  const group = new GroupCommit(
    { commit: (changes) => engine.commit(changes) },
    { onFatal: t.fail, probeEveryMs: 1 },
  );
  const refused = group.append(notification());
  await engine.fail(new StorageUnavailable('the disk is full'));
  await t.rejects(refused, StorageUnavailable);
  while (group.problem() !== null) await new Promise(setImmediate);
  const appended = group.append(notification());
  const closed = [group.close(), group.close()];
  await engine.succeed();
  await Promise.all(closed);
  t.strictSame(await appended, { seq: 1 });
});

test('a tail that throws is fatal: what it was told is lost', async (t) => {
  const { engine, append, group, fatal } = make(t);
  const error = new Error('a tail that fails');
  group.tail({
    entries() {
      throw error;
    },
    floor() {},
  });
  const appended = append(1);
  await engine.succeed();
  await t.rejects(appended[0] as Promise<unknown>, OutcomeUnknown);
  t.strictSame(fatal, [error]);
});

test('without another setting it tries again after a second, unless it is closed', async (t) => {
  const engine = new ManualEngine();
  const group = new GroupCommit(engine, { onFatal: t.fail });
  const refused = group.append(notification());
  await engine.fail(new StorageUnavailable('the disk is full'));
  await t.rejects(refused, StorageUnavailable);
  await group.close();
  t.equal(group.problem(), 'the disk is full');
  t.equal(engine.probes, 0);
});

test('an engine whose log others write answers when the tail has passed', async (t) => {
  const engine = new ManualEngine();
  const passes: { seqs: number[]; upTo: number; passed: PromiseWithResolvers<void> }[] = [];
  const group = new GroupCommit(
    {
      commit: (changes) => engine.commit(changes),
      pass: (entries, upTo) => {
        if (upTo === 1) return undefined;
        const passed = Promise.withResolvers<void>();
        passes.push({ seqs: entries.map(({ seq }) => seq), upTo, passed });
        return passed.promise;
      },
    },
    { onFatal: t.fail },
  );
  const first = group.append(notification());
  await engine.succeed();
  t.strictSame(await first, { seq: 1 }, 'at once, when it has passed already');
  const answered: unknown[] = [];
  const second = Array.from({ length: 2 }, () =>
    group.append(notification()).then((appended) => answered.push(appended)),
  );
  const conflict = { conflict: 'version', version: 9 } as const;
  await engine.succeed(new Map([[0, conflict]]));
  await new Promise(setImmediate);
  t.strictSame([passes[0]?.seqs, passes[0]?.upTo, answered], [[2], 2, []]);
  const third = group.append(notification());
  await engine.succeed();
  t.equal(engine.inFlight, 0, 'what passes does not keep the next group from the log');
  const closed = group.close();
  passes[0]?.passed.resolve();
  await Promise.all(second);
  t.strictSame(answered, [conflict, { seq: 2 }], 'also a conflict');
  passes[1]?.passed.reject(new OutcomeUnknown('it takes too long'));
  await t.rejects(third, OutcomeUnknown);
  await closed;
  t.equal(group.problem(), null);
});

test('an outcome that nobody knows yet is a problem, and not fatal', async (t) => {
  const { engine, append, group, fatal } = make(t);
  const unknown = append(1);
  await engine.fail(new OutcomeUnknown('no answer'));
  await t.rejects(unknown[0] as Promise<unknown>, OutcomeUnknown);
  t.equal(group.problem(), 'no answer');
  const next = append(1);
  await engine.succeed();
  t.strictSame(await next[0], { seq: 1 });
  t.strictSame([group.problem(), fatal], [null, []]);
});
