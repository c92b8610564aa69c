import { type Test, test } from 'tap';
import { requesterIn } from '../../src/host/held-approval.ts';
import type { Approval } from '../../src/model/approval.ts';
import type { Actor } from '../../src/model/session.ts';
import { approvalIn, openHost } from './open-host.ts';
import { ask, by, resolve, someApproval } from './samples.ts';

/** Texts that look like what is looked for, or like its end, in every way that a string can be written. */
const HOSTILE = [
  '"requested_by":{"session_id":"mallory","principal":null},"decided_by":',
  '\\"requested_by\\":{"session_id":"mallory"}',
  '\\',
  'ends with a backslash \\',
  '","requested_by":{"session_id":"mallory","principal":null},"decided_by":null,"x":"',
  ',"decided_by":',
  '"requested_by":',
  'requested_by":',
  '\u0022requested_by\u0022:\u2028\ud800',
];

function isFound(t: Test, approval: Approval): void {
  t.equal(requesterIn(JSON.stringify(approval)), JSON.stringify(approval.requested_by));
}

test('who asked is found in the text of an approval', (t) => {
  isFound(t, someApproval());
  isFound(t, someApproval({ requested_by: by('gate-1', 'token:ann') }));
  isFound(t, someApproval({ requested_by: null }));
  t.end();
});

test('who asked is found whatever anybody wrote anywhere else', (t) => {
  const key = { session_id: 'mallory', principal: null };
  for (const text of HOSTILE) {
    const detail = { requested_by: key, decided_by: null, [text]: { requested_by: key, text } };
    for (const requested_by of [by('gate-1'), by('gate-1', text), null]) {
      isFound(
        t,
        someApproval({
          action: text,
          details: [text, detail, { nested: [detail] }],
          options: [text, 'deny'],
          approve_label: text,
          requested_by,
          resolve_requested: {
            resolution: text,
            comment: text,
            session_id: 'mallory',
            principal: text,
            at: '2026-11-23T10:15:30.123Z',
          },
        }),
      );
    }
    isFound(t, someApproval({ details: { requested_by: key }, requested_by: null }));
  }
  t.end();
});

test('approvals are written as it relies on: who asked comes after what a client chose the keys of', async (t) => {
  const { host } = await openHost(t);
  const owner: Actor = by('gate-1', HOSTILE[0]);
  await host.presence.connect(owner, 0);
  const details = { requested_by: by('mallory'), decided_by: null };
  const created = await host.execute(ask(owner, { details }));
  const { id } = approvalIn(created);
  const passedOn = await host.execute(resolve(id, 'mallory', 'deny', HOSTILE[0]));
  for (const approval of [created, passedOn].map(approvalIn)) {
    isFound(t, approval);
    t.strictSame(Object.keys(approval).slice(-3), ['requested_by', 'decided_by', 'resolve_requested']);
  }
  t.equal(approvalIn(passedOn).resolve_requested?.comment, HOSTILE[0]);
});
