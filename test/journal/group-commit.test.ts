import { type Test, test } from 'tap';
import { type Change, type Conflict, OutcomeUnknown, StorageUnavailable } from '../../src/host/journal.ts';
import { type CommitResult, GroupCommit, MAX_GROUP, MAX_QUEUED } from '../../src/journal/group-commit.ts';
import { notification } from './changes.ts';
import { Recorder } from './recorder.ts';

/** An engine whose commits end when the test says so. */
class ManualEngine {
  readonly groups: (readonly Change[])[] = [];
  probes = 0;
  probed: () => Promise<void> = async () => {};
  #head = 0;
  #begun: PromiseWithResolvers<void> = Promise.withResolvers();
  #running: PromiseWithResolvers<CommitResult> | undefined;

  commit(changes: readonly Change[]): Promise<CommitResult> {
    this.groups.push(changes);
    this.#running = Promise.withResolvers();
    this.#begun.resolve();
    return this.#running.promise;
  }

  probe(): Promise<void> {
    this.probes += 1;
    return this.probed();
  }

  async succeed(conflicts: ReadonlyMap<number, Conflict> = new Map()): Promise<void> {
    await this.#begun.promise;
    this.#begun = Promise.withResolvers();
    const first = this.#head + 1;
    this.#head += (this.groups.at(-1)?.length ?? 0) - conflicts.size;
    this.#running?.resolve({ first, conflicts });
  }

  async fail(error: Error): Promise<void> {
    await this.#begun.promise;
    this.#begun = Promise.withResolvers();
    this.#running?.reject(error);
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

test('what arrives while a transaction runs shares the next one', async (t) => {
  const { engine, append, commits, group } = make(t);
  const first = append(2);
  await engine.succeed();
  await Promise.all(first);
  const second = append(1);
  await new Promise(setImmediate);
  const third = append(3);
  await engine.succeed();
  await Promise.all(second);
  await engine.succeed();
  t.strictSame(await Promise.all(third), [{ seq: 4 }, { seq: 5 }, { seq: 6 }]);
  t.strictSame(
    engine.groups.map(({ length }) => length),
    [2, 1, 3],
  );
  t.strictSame(commits, [2, 1, 3]);
  t.strictSame([group.commits, group.changes], [3, 6]);
});

test('a group has a limit, and so has the queue', async (t) => {
  const { engine, append, group } = make(t);
  const accepted = append(MAX_QUEUED);
  await t.rejects(group.append(notification()), StorageUnavailable);
  for (let groups = 0; groups < MAX_QUEUED / MAX_GROUP; groups += 1) await engine.succeed();
  t.strictSame((await Promise.all(accepted)).at(-1), { seq: MAX_QUEUED });
  t.ok(engine.groups.every(({ length }) => length === MAX_GROUP));
});

test('a group and the queue are limited by the length of their texts too', async (t) => {
  const { engine, group } = make(t);
  const long = notification({ payload: JSON.stringify('x'.repeat(1024 * 1024)) });
  const accepted = Array.from({ length: 255 }, () => group.append(long));
  await t.rejects(group.append(long), StorageUnavailable, 'the next one would be too much');
  const short = group.append(notification());
  for (let groups = 0; groups < 16; groups += 1) await engine.succeed();
  t.strictSame(await short, { seq: 256 });
  t.strictSame((await Promise.all(accepted)).at(-1), { seq: 255 });
  t.ok(
    engine.groups.every((changes) => changes.length <= 16),
    'each ends with the change that makes it 16 MiB',
  );
  const again = group.append(long);
  await engine.succeed();
  t.strictSame(await again, { seq: 257 }, 'and there is room again');
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
  const waiting = append(2);
  const error = new Error('disk I/O error');
  await engine.fail(error);
  await t.rejects(running[0] as Promise<unknown>, OutcomeUnknown);
  for (const append of waiting) await t.rejects(append, StorageUnavailable);
  await t.rejects(group.append(notification()), StorageUnavailable);
  group.fail(new Error('another'));
  t.strictSame(fatal, [error]);
  t.equal(group.problem(), 'disk I/O error');
  t.equal(engine.groups.length, 1);
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
