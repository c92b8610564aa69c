import { test } from 'tap';
import { approvalRow, outcomeLine } from '../../src/cli/approval-line.ts';
import type { Approval } from '../../src/client/index.ts';
import { APPROVED, approval } from '../client/odd-server.ts';

const line = (changes: object) => outcomeLine(approval(changes) as unknown as Approval);

test('an outcome is said with the option, the decider and the reason, as far as there are any', async (t) => {
  t.equal(line({}), 'pending');
  t.equal(line({ outcome: 'expired' }), 'expired');
  const decided_by = { session_id: 'ann', principal: 'token:ann' };
  t.equal(line({ ...APPROVED, decided_by, comment: 'so\nbe it' }), 'approved by ann (token:ann): so\\nbe it');
  t.equal(line({ ...APPROVED, decided_by, comment: '' }), 'approved by ann (token:ann)');
  const options = ['approve', 'later', 'never'];
  t.equal(line({ options, outcome: 'denied', resolution: 'never' }), "denied ('never')");
  t.equal(line({ options, ...APPROVED }), 'approved');
});

test('a row has an age, and nobody where nobody is known', async (t) => {
  const row = (changes: object, now: string) =>
    approvalRow(approval(changes) as unknown as Approval, Date.parse(now)).slice(1);
  t.strictSame(row({}, '2026-11-23T12:20:00Z'), ['pending', '2h', 'a', 'Deploy?']);
  t.strictSame(row({ requested_by: null }, '2026-11-23T10:00:00Z'), ['pending', '0s', '', 'Deploy?']);
});
