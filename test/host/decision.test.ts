import { test } from 'tap';
import { mayBeOutdated, refuse } from '../../src/host/decision.ts';

const subject = { id: 'worker' } as never;

test('only what a newer state may turn around is decided again on one', (t) => {
  t.equal(mayBeOutdated({ type: 'unchanged', outcome: 'passed-on', subject }), true);
  t.equal(mayBeOutdated({ type: 'unchanged', outcome: 'changed', subject }), false, 'it is final');
  const unknown = refuse({ code: 'agent-not-found', agentId: 'worker' }) as never;
  t.equal(mayBeOutdated(unknown), true);
  const wrong = refuse({
    code: 'resolution-not-offered',
    resolution: 'maybe',
    options: ['approve'],
  } as never) as never;
  t.equal(mayBeOutdated(wrong), false, 'it is asked wrong');
  t.end();
});
