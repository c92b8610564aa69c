import { test } from 'tap';
import { PendingApprovals } from '../../src/host/pending-approvals.ts';
import type { Approval } from '../../src/model/approval.ts';
import type { Actor } from '../../src/model/session.ts';
import { by, someApproval } from './samples.ts';

function held(id: string, requestedBy: Actor, approval: Partial<Approval> = {}) {
  const state = JSON.stringify(someApproval({ id, requested_by: requestedBy, ...approval }));
  return { id, seq: 1, createdSeq: 1, state };
}

function countsOf(pending: PendingApprovals, ...actors: Actor[]) {
  return actors.map((actor) => pending.requestedBy(JSON.stringify(actor)));
}

test('pending approvals are counted by session and principal as they come and go', (t) => {
  const pending = new PendingApprovals();
  const actors = [by('gate'), by('gate', 'token:ann'), by('gate', 'token:bo')];
  const [open, ann] = actors as [Actor, Actor];
  pending.set(held('a', open));
  pending.set(held('b', open));
  pending.set(held('c', ann));
  t.strictSame(countsOf(pending, ...actors), [2, 1, 0]);
  t.strictSame(
    pending.all().map(({ id }) => id),
    ['a', 'b', 'c'],
  );
  pending.delete('a');
  pending.delete('c');
  t.strictSame(countsOf(pending, ...actors), [1, 0, 0]);
  pending.delete('a');
  t.strictSame([pending.size, ...countsOf(pending, ...actors)], [1, 1, 0, 0], 'twice is once');
  t.end();
});

test('their bytes are those of their texts now, in UTF-8', (t) => {
  const pending = new PendingApprovals();
  const small = held('a', by('gate'));
  const large = held('a', by('gate'), { details: 'é😀'.repeat(100) });
  pending.set(small);
  t.equal(pending.bytes, small.state.length);
  pending.set(large);
  t.equal(pending.bytes, Buffer.byteLength(large.state));
  t.ok(pending.bytes > large.state.length);
  t.strictSame([pending.size, ...countsOf(pending, by('gate'))], [1, 1], 'it has changed, and is one still');
  pending.set(small);
  t.equal(pending.bytes, small.state.length);
  pending.delete('a');
  t.strictSame([pending.size, pending.bytes, ...countsOf(pending, by('gate'))], [0, 0, 0]);
  t.end();
});
