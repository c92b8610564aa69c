import { join } from 'node:path';
import { test } from 'tap';
import { requesterIn } from '../../src/host/held-approval.ts';
import type { Boot, Change } from '../../src/host/journal.ts';
import { memoryOf, type PackedBoot, readBoot } from '../../src/journal/sqlite-boot.ts';
import { SqliteLog } from '../../src/journal/sqlite-log.ts';
import { unpackedBoot } from '../../src/journal/sqlite-open-entities.ts';
import { LONG_BYTES, PAGE_BYTES, PAGE_ROWS } from '../../src/journal/sqlite-open-pages.ts';
import { someApproval } from '../host/samples.ts';
import { agent, makeId, moved, requested } from './changes.ts';
import { CONTRACT_DEFAULTS } from './contract.ts';
import { allOpen } from './recorder.ts';

const TEXTS = ['', 'a', 'é', '😀'.repeat(LONG_BYTES / 8), 'b'.repeat(LONG_BYTES), 'c'.repeat(2 * LONG_BYTES)];
const ASKERS = ['gate', 'gate', 'gäte', 'gate"', '門', 'g'];

/** Some that are alike and some that are not, next to each other. */
function approvals(count: number): { id: string; state: unknown }[] {
  return Array.from({ length: count }, (_, index) => {
    const id = makeId('approval');
    const details = { text: TEXTS[index % TEXTS.length], requested_by: { session_id: 'not me' } };
    const session_id = ASKERS[(index >> 2) % ASKERS.length] as string;
    const principal = index % 3 === 0 ? 'token:ann' : null;
    return { id, state: someApproval({ id, details, requested_by: { session_id, principal } }) };
  });
}

async function* posted(parts: Iterable<PackedBoot>): AsyncGenerator<PackedBoot> {
  for (const part of parts) yield structuredClone(part, { transfer: memoryOf(part) });
}

function bootOf(path: string): Promise<Boot> {
  return unpackedBoot(posted(readBoot(path)));
}

test('what is open has its text, its bytes and who asked for it, over pages and parts', async (t) => {
  const path = join(t.testdir(), 'log.db');
  const log = new SqliteLog(path, CONTRACT_DEFAULTS);
  const asked = approvals(5 * PAGE_ROWS + 7);
  const big = approvals(1).map(({ id, state }) => ({
    id,
    state: { ...(state as object), comment: 'd'.repeat(5e6) },
  }));
  const all = [...asked.slice(0, 3), ...big, ...asked.slice(3)];
  const agents = Array.from({ length: PAGE_ROWS + 1 }, (_, index) => ({
    id: `worker-${index}`,
    state: { index },
  }));
  const changes: Change[] = all.map(({ id, state }, index) =>
    requested(id, { state, expiresAt: index % 2 === 0 ? null : 1e12 + index }),
  );
  changes.splice(5, 0, ...agents.map(({ id, state }) => agent(id, 0, state)));
  log.commit(changes, 0);
  log.close();
  const parts = [...readBoot(path)];
  t.ok(parts.length > 1, 'it comes in parts');
  for (const { lengths } of parts.flatMap(({ pages }) => pages)) {
    const all: number[] = JSON.parse(lengths);
    const bytes = all.reduce((sum, length) => sum + length, 0);
    t.ok(all.length === 1 || bytes <= PAGE_BYTES, `a page of ${all.length} has ${bytes} bytes`);
  }
  const boot = await bootOf(path);
  const open = await allOpen(boot);
  t.equal(boot.head, changes.length);
  t.strictSame(
    open.map(({ type, id }) => `${type} ${id}`),
    [...agents.map(({ id }) => `agent ${id}`), ...all.map(({ id }) => `approval ${id}`)],
  );
  for (const entity of open) {
    const change = changes[entity.createdSeq - 1] as Change;
    const { state } = change.entity as { state: string };
    const expected = {
      ...{ state, seq: entity.createdSeq, bytes: Buffer.byteLength(state) },
      ...{ requester: entity.type === 'agent' ? undefined : requesterIn(state) },
      expiresAt: change.entity?.type === 'approval' ? change.entity.expiresAt : null,
    };
    const { seq, bytes, requester, expiresAt } = entity;
    if (
      JSON.stringify({ state: entity.state, seq, bytes, requester, expiresAt }) !== JSON.stringify(expected)
    ) {
      t.strictSame({ state: entity.state, seq, bytes, requester, expiresAt }, expected, entity.id);
    }
  }
});

test('an approval that has changed since has its newest text', async (t) => {
  const path = join(t.testdir(), 'log.db');
  const log = new SqliteLog(path, CONTRACT_DEFAULTS);
  const [first, second] = approvals(2).map(({ id, state }) => ({ id, state: state as object }));
  if (first === undefined || second === undefined) return;
  const resolve_requested = { text: 'e'.repeat(2 * LONG_BYTES) };
  log.commit([requested(first.id, first), requested(second.id, second)], 0);
  log.commit([moved(first.id, 1, { status: 'pending', state: { ...first.state, resolve_requested } })], 0);
  log.close();
  const open = await allOpen(await bootOf(path));
  t.match(open, [
    { id: first.id, seq: 3, createdSeq: 1, state: JSON.stringify({ ...first.state, resolve_requested }) },
    { id: second.id, seq: 2, createdSeq: 2, state: JSON.stringify(second.state) },
  ]);
});
