import { test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import type { Exit } from '../process/sallyport.ts';
import { start } from '../service.ts';
import { sallyport } from './command.ts';
import { decided } from './decided.ts';

test('what is wrong with the command ends with 3, never as a decision', async (t) => {
  const { url } = await start(t);
  const cases: [string[], RegExp][] = [
    [['ask'], /missing required argument 'question'\nSee 'sallyport ask --help'/],
    [['ask', 'Deploy', 'now?'], /too many arguments/],
    [['ask', 'Deploy?', '--colour'], /unknown option '--colour'/],
    [['ask', 'Deploy?', '--timeout'], /argument missing/],
    [['ask', 'Deploy?', '--timeout', '10'], /--timeout must be a number and a unit, such as 500ms, 90s, 10m/],
    [['ask', 'Deploy?', '--expires', '400d'], /--expires must be .* at most 365d/],
    [['ask', 'Deploy?', '--token', 'spt_abcdef'], /unknown option '--token'\nA token is never a word/],
    [['aks', 'Deploy?'], /unknown command 'aks'\n\(Did you mean ask\?\)/],
    [['--json', 'ask', 'Deploy?'], /--json is not a flag/],
    [['--port', '0', 'ask'], /'ask' is not a command here; a command comes first/],
    [['ask', ''], /action/],
    [['ask', 'Deploy?', '--option', 'yes'], /approve_label/],
    [['ask', 'Deploy?', '--agent', 'no such name'], /agent_id/],
  ];
  const exits = await Promise.all(cases.map(([args]) => sallyport(t, args, { url })));
  for (const [index, [args, message]] of cases.entries()) {
    const exit = exits[index] as Exit;
    t.match(exit, { code: 3, signal: null, stdout: '', stderr: message }, args.join(' '));
    t.match(exit.stderr, /^sallyport: /, `${args.join(' ')}: ${exit.stderr}`);
    t.notMatch(exit.stderr, /spt_abcdef|error:|\n {4}at /);
  }
});

test('a question that looks like a call for help is no approval', async (t) => {
  const { url } = await start(t);
  for (const title of ['--help', '-h']) {
    t.equal((await sallyport(t, ['ask', title], { url })).code, 3, title);
  }
  const { exit, approval } = await decided(t, await start(t, { store: 'memory:' }), 'approve', [
    '--',
    '--help',
  ]);
  t.equal(exit.code, 0);
  t.equal(approval.action, '--help');
});

test('a refusal of the service ends with 3 and says what to do', async (t) => {
  const { url, tokens } = await startGuarded(t);
  const as = (SALLYPORT_TOKEN: string, ...args: string[]) =>
    sallyport(t, ['ask', 'Deploy?', ...args], { url, env: { SALLYPORT_TOKEN } });
  t.match(await as(''), {
    code: 3,
    stdout: '',
    stderr: /: set SALLYPORT_TOKEN to a token, which 'sallyport token/,
  });
  const wrong = await as('spt_wrong', '--json');
  t.match(wrong, { code: 3, stderr: /the credential in SALLYPORT_TOKEN is not taken/ });
  t.match(JSON.parse(wrong.stdout), { error: { code: 'unauthenticated', status: 401, detail: /not taken/ } });
  t.match(await as(tokens.viewer), { code: 3, stderr: /the role 'viewer' does not include/ });
  t.match(await as(' \n'), { code: 3, stderr: /set SALLYPORT_TOKEN/ });
  const broken = await as(`${tokens.agent} x`);
  t.match(broken, { code: 3, stderr: /SALLYPORT_TOKEN must be one token/ });
  t.notMatch(broken.stderr, tokens.agent);
});
