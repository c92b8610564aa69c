import { test } from 'tap';
import { backoffMs } from '../../src/dashboard/live/backoff.ts';
import { diffLines, looksLikeDiff } from '../../src/dashboard/text/diff.ts';
import { parseRoute } from '../../src/dashboard/text/hash-route.ts';
import { kindOf, odditiesOf, othersOf } from '../../src/dashboard/text/options.ts';
import { isFound, wordsOf } from '../../src/dashboard/text/search.ts';
import { clock, span } from '../../src/dashboard/text/time.ts';
import { inWords, isDeceptive, piecesOf } from '../../src/dashboard/text/visible.ts';
import { offsetsOf, spanAt, spansWith } from '../../src/dashboard/text/windowing.ts';
import type { Agent } from '../../src/model/agent.ts';
import type { Approval } from '../../src/model/approval.ts';

test('characters that nobody sees are shown by their number', async (t) => {
  const hidden: Record<string, string> = {
    '\u202e': 'U+202E',
    '\u2066': 'U+2066',
    '\u200b': 'U+200B',
    '\u200d': 'U+200D',
    '\u00ad': 'U+00AD',
    '\u3164': 'U+3164',
    '\u2800': 'U+2800',
    '\u00a0': 'NBSP',
    '\u2003': 'U+2003',
    '\u2028': 'U+2028',
    '\u{e0041}': 'U+E0041',
    '\ufe0f': 'U+FE0F',
    '\ud800': 'U+D800',
    '\x1b': 'ESC',
    '\r': 'CR',
    '\0': 'NUL',
    '\x9b': 'U+009B',
  };
  for (const [character, code] of Object.entries(hidden)) {
    for (const isBlock of [true, false]) {
      const pieces = piecesOf(`rm${character}-rf`, isBlock);
      t.strictSame(pieces, [{ text: 'rm' }, { code, kind: 'invisible' }, { text: '-rf' }], code);
    }
    t.ok(isDeceptive(character), code);
    t.equal(inWords(`a${character}`), `a[${code}]`);
  }
});

test('line feeds and tabs are laid out in a block, and shown in a line', async (t) => {
  t.strictSame(piecesOf('a\n\tb', true), [{ text: 'a\n\tb' }]);
  t.equal(inWords('a\n\tb'), 'a[⏎][⇥]b');
  t.notOk(isDeceptive('a\n\tb'));
});

test('plain text of any script, and pictures, stay as they are', async (t) => {
  for (const text of [
    'rm -rf /',
    'Ångström',
    'Привет, мир',
    'مرحبا',
    '日本語',
    '👩‍💻 ❤️ 🚀',
    'naïve café',
    'Ωμέγα',
  ]) {
    t.strictSame(piecesOf(text), [{ text }], text);
    t.notOk(isDeceptive(text), text);
  }
  t.strictSame(piecesOf(''), []);
});

test('letters that look like others are marked in words that mix them', async (t) => {
  t.strictSame(piecesOf('pаypal'), [{ text: 'p' }, { code: 'а', kind: 'lookalike' }, { text: 'ypal' }]);
  t.ok(isDeceptive('gοοgle'));
  t.equal(inWords('pаypal'), 'pаypal');
  t.notOk(isDeceptive('pay мир'), 'a word of each');
});

test('marks that are piled up do not reach into other lines', async (t) => {
  const pieces = piecesOf(`Z${'\u0300'.repeat(6)}!`);
  t.strictSame(pieces[0], { text: `Z${'\u0300'.repeat(3)}` });
  t.equal(pieces.filter((piece) => 'code' in piece).length, 3);
});

test('a span of time is said in its largest units', async (t) => {
  const spans: [number, string][] = [
    [-5, '0 s'],
    [0, '0 s'],
    [999, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [179_000, '2 min'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [86_400_000, '1 d'],
    [100_800_000, '1 d 4 h'],
    [8_640_000_000, '100 d'],
  ];
  for (const [ms, text] of spans) {
    t.equal(span(ms), text);
  }
});

test('a time of another day has its day', async (t) => {
  const at = new Date(2026, 10, 25, 9, 5, 7);
  const later = new Date(2026, 10, 25, 18).getTime();
  t.equal(clock(at.toISOString(), later), '09:05:07');
  t.equal(clock(at.toISOString(), later + 86_400_000), '25 Nov 2026, 09:05:07');
  t.match(clock(new Date().toISOString()), /^\d\d:\d\d:\d\d$/);
});

const DIFF = `diff --git a/x b/x
--- a/x
+++ b/x
@@ -1,3 +1,3 @@ head
 same
--- removed, not a file
+++ added, not a file
 same
@@ -9 +9 @@
-a
+b
+outside of it
`;

test('a unified diff is told from other text', async (t) => {
  t.ok(looksLikeDiff(DIFF));
  t.ok(looksLikeDiff('@@ -1 +1 @@\n-a\n+b'));
  for (const text of ['', '- a\n+ b', '--- a\n+++ b', 'see @@ -1 +1 @@', 'x\n@@ -1 +1 @@\n-a']) {
    t.notOk(looksLikeDiff(text), text);
  }
});

test('each line of a diff is what it does', async (t) => {
  t.strictSame(
    diffLines(DIFF).map(({ kind }) => kind),
    [
      'file',
      'file',
      'file',
      'place',
      'same',
      'removed',
      'added',
      'same',
      'place',
      'removed',
      'added',
      'added',
    ],
  );
});

test('options that read as the opposite of what they do are found', async (t) => {
  const odd = (options: string[], approve_label: string) =>
    odditiesOf({ options, approve_label }).map(({ kind, option }) => `${kind}: ${option}`);
  t.strictSame(odd(['approve', 'deny'], 'approve'), []);
  t.strictSame(odd(['send', 'do not send'], 'send'), []);
  t.strictSame(
    odd(['approve', 'do not allow', 'allow never'], 'approve'),
    ['no-reads-yes: allow never'].slice(1),
  );
  t.strictSame(odd(['deny', 'approve'], 'deny'), ['yes-reads-no: deny', 'no-reads-yes: approve']);
  t.strictSame(odd(['approve', 'Ａpprove', 'appro\u200bve!', 'APPROVE'], 'approve'), [
    'no-reads-yes: Ａpprove',
    'no-reads-yes: appro\u200bve!',
    'no-reads-yes: APPROVE',
  ]);
  t.strictSame(odd(['No, thanks', 'x'], 'No, thanks'), ['yes-reads-no: No, thanks']);
});

test('approvals of one kind offer the same, and the same of it approves', async (t) => {
  const a = { options: ['x', 'y'], approve_label: 'x' };
  t.equal(kindOf(a), kindOf({ ...a }));
  t.not(kindOf(a), kindOf({ ...a, approve_label: 'y' }));
  t.not(kindOf(a), kindOf({ ...a, options: ['x'] }));
  t.strictSame(othersOf(a), ['y']);
});

test('every word that is looked for has to be somewhere', async (t) => {
  const details = { command: 'make deploy' };
  const approval = { id: 'approval-1', action: 'Deploy', agent_id: 'a-1', details } as unknown as Approval;
  const asked = { ...approval, requested_by: { session_id: 'ci', principal: null } };
  t.ok(isFound(asked, undefined, ['ci']));
  const agent = { name: 'Robot', display: { label: 'Bot' }, project: '/srv' } as Agent;
  const bare = { name: 'Robot', display: { label: null }, project: null } as Agent;
  const finds = (query: string, of?: Agent) => isFound(approval, of, wordsOf(query));
  t.ok(finds(''));
  t.ok(finds('  MAKE deploy '));
  t.ok(finds('bot /srv', agent));
  t.ok(finds('robot', bare));
  t.notOk(finds('robot'));
  t.notOk(finds('deploy nothing', agent));
  t.ok(finds('agent:A-1 deploy'));
  t.notOk(finds('agent:a'), 'an agent is named in full');
});

test('an address of the page says which view it asks for', async (t) => {
  const view = (hash: string) => parseRoute(hash).view;
  for (const hash of ['', '#', '#/', '#/?a=b']) {
    t.equal(view(hash), 'inbox', hash);
  }
  t.equal(view('#/agents'), 'agents');
  t.equal(view('#/history/'), 'history');
  const events = parseRoute('#/events?kind=a.*');
  t.equal('query' in events && events.query.get('kind'), 'a.*');
  t.strictSame(parseRoute('#/approvals/approval-0123456789ab'), {
    view: 'approval',
    id: 'approval-0123456789ab',
  });
  t.strictSame(parseRoute('#/agents/a.B:1'), { view: 'agent', id: 'a.B:1' });
  for (const hash of [
    '#/agents/a/b',
    '#/agents/<b>',
    '#/nothing',
    '#/approvals',
    '#/approvals/../x',
    '#main',
    '#/constructor',
    '#/toString',
  ]) {
    t.equal(view(hash), 'unknown', hash);
  }
});

test('rows in the window are found by their heights', async (t) => {
  const offsets = offsetsOf([10, 20, 30, 40]);
  t.strictSame(offsets, [0, 10, 30, 60, 100]);
  t.strictSame(spanAt(offsets, 0, 10, 0), { from: 0, to: 2 });
  t.strictSame(spanAt(offsets, 30, 60, 0), { from: 2, to: 4 });
  t.strictSame(spanAt(offsets, 35, 40, 0), { from: 2, to: 3 });
  t.strictSame(spanAt(offsets, 35, 40, 30), { from: 0, to: 4 });
  t.strictSame(spanAt(offsets, 500, 600, 0), { from: 4, to: 4 });
  t.strictSame(spanAt(offsets, -600, -500, 0), { from: 0, to: 0 });
  t.strictSame(spanAt(offsetsOf([]), 0, 100, 0), { from: 0, to: 0 });
});

test('rows that have to stay are kept outside of the window, once and in order', async (t) => {
  t.strictSame(spansWith({ from: 5, to: 8 }, [-1, 6, 20, 2, 2]), [
    { from: 2, to: 3 },
    { from: 5, to: 8 },
    { from: 20, to: 21 },
  ]);
});

test('tries come later and later, up to 15 s, and not at the same moment', async (t) => {
  t.strictSame(
    [0, 1, 2, 3, 4, 5, 1000].map((attempt) => backoffMs(attempt, 1)),
    [1000, 2000, 4000, 8000, 15_000, 15_000, 15_000],
  );
  t.equal(backoffMs(9, 0), 500);
  t.ok(backoffMs(0) <= 1000);
});
