import { test } from 'tap';
import { editDiff } from '../../src/http/hooks/edit-diff.ts';
import { actionOf, cut, questionOf, type ToolCall } from '../../src/http/hooks/question.ts';
import { start } from '../service.ts';
import { ask, decide, denial, hook, toolCall } from './calls.ts';

function call(tool_name: string, tool_input: unknown): ToolCall {
  return { ...(toolCall() as unknown as ToolCall), tool_name, tool_input };
}

test('an action is a line that says the tool and what it is about', (t) => {
  const actions: [unknown, string][] = [
    [{ command: 'npm test', description: 'd' }, 'T: npm test'],
    [{ file_path: '/a/b.ts', content: 'x' }, 'T: /a/b.ts'],
    [{ notebook_path: '/a.ipynb' }, 'T: /a.ipynb'],
    [{ url: 'https://example.org', prompt: 'p' }, 'T: https://example.org'],
    [{ pattern: 'x.*', path: '/srv' }, 'T: /srv'],
    [{ description: 'look around' }, 'T: look around'],
    [{ command: ['npm', 'test'] }, 'T'],
    [{ command: '' }, 'T'],
    [{ other: 1 }, 'T'],
    [null, 'T'],
    ['text', 'T'],
    [7, 'T'],
    [{ command: 'a\nrm -rf /' }, 'T: a ⏎ rm -rf /'],
    [{ command: 'a \r\n\n\t b\u2028c\u0085d\ve' }, 'T: a ⏎ b ⏎ c ⏎ d ⏎ e'],
    [{ command: '\u202eevil\u0000\u001b[2J' }, 'T: \u202eevil\u0000\u001b[2J'],
  ];
  for (const [input, action] of actions) {
    t.equal(actionOf(call('T', input)), action);
  }
  t.end();
});

test('an action that is too long ends with the sign of that', (t) => {
  const just = `T: ${'x'.repeat(497)}`;
  t.equal(actionOf(call('T', { command: 'x'.repeat(497) })), just);
  for (const length of [498, 2000, 1_000_000]) {
    t.equal(actionOf(call('T', { command: 'x'.repeat(length) })), `T: ${'x'.repeat(496)}…`);
  }
  t.equal(actionOf(call('T', { command: '😀'.repeat(497) })), `T: ${'😀'.repeat(497)}`, 'code points count');
  t.equal(actionOf(call('T', { command: '😀'.repeat(498) })), `T: ${'😀'.repeat(496)}…`);
  t.equal(cut(`a${'\n'.repeat(100)}b`, 10), 'a…', 'what is behind many line breaks is there');
  t.end();
});

test('details have all of the input, a command or a diff on top, and never a part', (t) => {
  const bash = questionOf(call('Bash', { command: 'ls' }), 1000, 0);
  t.match(bash.details, { command: 'ls', tool_name: 'Bash', tool_input: { command: 'ls' }, cwd: '/srv/app' });
  t.equal(Object.keys(bash.details as object)[0], 'command');
  const input = { file_path: '/a', old_string: 'x', new_string: 'y'.repeat(300) };
  t.match(questionOf(call('Edit', input), 1000, 0).details, { diff: /^--- \/a/, tool_input: input });
  const tight = questionOf(call('Edit', input), 700, 0);
  t.match(tight, { agent_id: null, system_level: true, details: { tool_input: input } });
  t.notHas(tight.details, 'diff', 'there is no room for it twice');
  t.throws(() => questionOf(call('Edit', input), 300, 0), { code: 'payload-too-large' });
  t.match(questionOf(call('Nothing', null), 1000, 0), { action: 'Nothing', details: { tool_input: null } });
  t.end();
});

test('what a tool does to a file is shown as a diff', (t) => {
  const edit = (old_string: unknown, new_string: unknown) =>
    editDiff({ file_path: '/a', old_string, new_string });
  t.equal(edit('a', 'b'), '--- /a\n+++ /a\n@@\n-a\n+b');
  t.equal(
    edit('1\n2\n3\n4\nold\n5\n6\n7\n8', '1\n2\n3\n4\nnew\nmore\n5\n6\n7\n8'),
    '--- /a\n+++ /a\n@@\n 2\n 3\n 4\n-old\n+new\n+more\n 5\n 6\n 7',
  );
  t.equal(edit('same', 'same'), '--- /a\n+++ /a\n@@\n same');
  t.equal(edit('a\na', 'a\na\na'), '--- /a\n+++ /a\n@@\n a\n a\n+a');
  t.equal(edit('', 'x'), '--- /a\n+++ /a\n@@\n-\n+x');
  const edits = [
    { old_string: 'a', new_string: 'b' },
    { old_string: 'c', new_string: 'd' },
  ];
  t.equal(editDiff({ file_path: '/a', edits }), '--- /a\n+++ /a\n@@\n-a\n+b\n@@\n-c\n+d');
  t.equal(editDiff({ file_path: '/a', content: 'x\ny' }), '+++ /a\n@@ the whole file @@\n+x\n+y');
  for (const none of [
    null,
    'text',
    { command: 'ls' },
    { file_path: 1 },
    { file_path: '/a' },
    { file_path: '/a', edits: [null] },
    { file_path: '/a', old_string: 'x', new_string: 1 },
  ]) {
    t.equal(editDiff(none), undefined, JSON.stringify(none));
  }
  t.end();
});

test('a body of 10 MiB is read, and what is in it beside the question is accepted', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const more = { more: 'x'.repeat(10 * 1024 * 1024 - 2000), payload: 'x'.repeat(200_000).length };
  const unmatched = await hook(client, { ...toolCall(), ...more }, '?tools=Write&unmatched=allow');
  t.equal(unmatched.headers['sallyport-outcome'], 'unmatched');
  const { approval, answer } = await ask(client, { ...toolCall(), ...more, details: { a: [1] } });
  t.notHas(approval.details, 'more');
  await decide(client, approval.id, 'deny');
  t.match(denial(await answer), /denied/);
});

test('text of any kind is data: it is kept, shown and given back as it is', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const command = '\u202e\u0000\u001b[2J</script>\n\r\ndata: x\n\n"}]}';
  const { approval, answer } = await ask(client, toolCall({ tool_input: { command } }));
  t.equal(approval.details.command, command);
  t.equal(approval.details.tool_input.command, command);
  t.notMatch(approval.action, /[\r\n]/);
  const comment = `no\n${command}`;
  await decide(client, approval.id, 'deny', comment);
  t.equal(denial(await answer), `denied by session 'ui': ${comment}`);
});
