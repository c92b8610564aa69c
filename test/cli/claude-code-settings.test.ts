import { readFileSync } from 'node:fs';
import { test } from 'tap';
import { withClaudeCodeHook } from '../../src/cli/claude-code-settings.ts';

const URL_A = 'http://127.0.0.1:7420';
const add = (text: string | null, url = URL_A) => withClaudeCodeHook(text, '/x/settings.json', url);
// biome-ignore lint/suspicious/noExplicitAny: settings of any shape.
const added = (text: string | null, url = URL_A): any => JSON.parse(add(text, url));

test('without a file the settings are the hook, which blocks when it fails', async (t) => {
  t.strictSame(added(null), {
    hooks: {
      PreToolUse: [
        {
          matcher:
            '^(Bash|PowerShell|Monitor|Write|Edit|MultiEdit|NotebookEdit|WebFetch|WebSearch|mcp__(?!sallyport__(request_approval|approve)$).*)$',
          hooks: [
            {
              type: 'http',
              url: 'http://127.0.0.1:7420/hooks/claude-code?wait_ms=3540000',
              headers: { Authorization: 'Bearer $SALLYPORT_TOKEN' },
              allowedEnvVars: ['SALLYPORT_TOKEN'],
              timeout: 3600,
              onFailure: 'block',
              statusMessage: 'Waiting for a person to decide in Sallyport',
            },
          ],
        },
      ],
    },
  });
  t.strictSame(added(' \n'), added(null));
});

test('the matcher takes the tools that change something, and none of ours that ask by themselves', async (t) => {
  const matcher = new RegExp(added(null).hooks.PreToolUse[0].matcher);
  const names = [
    'Bash',
    'PowerShell',
    'Monitor',
    'Write',
    'NotebookEdit',
    'WebFetch',
    'mcp__github__create_issue',
    'mcp__sallyport__other',
  ];
  const like = ['request_approval', 'approve'].flatMap((name) => [
    `mcp__sallyport__${name}_all`,
    `mcp__sallyport2__${name}`,
    `mcp__x__mcp__sallyport__${name}`,
  ]);
  const others = ['Read', 'TodoWrite', 'mcp__sallyport__request_approval', 'mcp__sallyport__approve'];
  t.strictSame(
    [...names, ...like, ...others].filter((name) => matcher.test(name)),
    [...names, ...like],
  );
});

test('the documented settings are those that init writes, with or without a token', async (t) => {
  const page = readFileSync(new URL('../../docs/integrations/claude-code.md', import.meta.url), 'utf8');
  const [first = ''] = /(?<=^```json\n).*?(?=^```$)/ms.exec(page) ?? [];
  const [documented] = JSON.parse(first).hooks.PreToolUse;
  const [written] = added(null).hooks.PreToolUse;
  t.equal(documented.matcher, written.matcher);
  t.match(written.hooks[0], documented.hooks[0]);
});

test('everything that was there stays, in its order and with its indentation', async (t) => {
  const group = { matcher: 'Bash', hooks: [{ type: 'command', command: './check.sh' }] };
  const before = { model: 'x', hooks: { Stop: [group], PreToolUse: [group] }, env: { A: '1' } };
  const text = add(JSON.stringify(before, null, '\t'));
  const after = JSON.parse(text);
  t.strictSame(Object.keys(after), ['model', 'hooks', 'env']);
  t.strictSame(after.hooks.Stop, [group]);
  t.strictSame(after.hooks.PreToolUse[0], group);
  t.equal(after.hooks.PreToolUse.length, 2);
  t.match(text, /^\{\n\t"model": "x",\n/);
  t.match(add('{\n    "a": 1\n}'), /^\{\n {4}"a": 1,\n/);
});

test('once more changes nothing, and another URL replaces the hook where it stands', async (t) => {
  const once = add('{"hooks":{"PreToolUse":[]}}');
  t.equal(add(once), once);
  const compact = JSON.stringify(JSON.parse(once));
  t.equal(add(compact), compact, 'also in another form');
  const first = { matcher: 'Read', hooks: [null] };
  const grown = JSON.parse(once);
  grown.hooks.PreToolUse.unshift(first, null, { matcher: 'x' }, { hooks: [{ url: 'not a URL' }] });
  const moved = added(JSON.stringify(grown), 'https://gate.example/a');
  t.equal(moved.hooks.PreToolUse.length, 5);
  t.equal(moved.hooks.PreToolUse[4].hooks[0].url, 'https://gate.example/a/hooks/claude-code?wait_ms=3540000');
  t.strictSame(moved.hooks.PreToolUse.slice(0, 2), [first, null]);
});

test('what is no settings is refused', async (t) => {
  for (const [text, message] of [
    ['{ // comment\n}', /^\/x\/settings\.json is not a JSON object, so nothing is changed; mend it first: /],
    ['[]', /is not a JSON object.*it holds something else$/],
    ['null', /is not a JSON object/],
    ['"text"', /is not a JSON object/],
    ['{"hooks":[]}', /^'hooks' in .* is no object/],
    ['{"hooks":{"PreToolUse":{}}}', /^'PreToolUse' in .* is no list/],
  ] as const) {
    t.throws(() => add(text), { message }, text);
  }
});
