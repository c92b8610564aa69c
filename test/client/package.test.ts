import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import { bearer, startGuarded } from '../access/guarded.ts';
import { start } from '../service.ts';
import { installed, node } from './installed.ts';

const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

const PROGRAM = `import { type Approval, Sallyport, SallyportError } from 'sallyport/client';

const client = new Sallyport({ url: String(process.argv[2]), session: 'outside' });
const answer = await client.ask(
  { action: 'Deploy?', details: { from: 'outside' } },
  { onAsked: (approval: Approval) => void client.approvals.resolve(approval.id, { resolution: 'approve' }) },
);
const words: string[] = [answer.outcome];
for await (const { kind } of client.events({ after: 0, kind: 'approval.*' })) {
  words.push(kind);
  if (kind === 'approval.resolved') break;
}
try {
  await client.agents.get('nobody');
} catch (error) {
  if (error instanceof SallyportError) words.push(error.code);
}
// @ts-expect-error: there is no such field.
void answer.approval.nothing;
console.log(words.join(' '));
`;

/** Calls as the SDK does: three tools one after the other, the last of which is given up. */
const CALLER = `import { canUseTool } from './can-use-tool.ts';

const results = [];
for (const [index, toolUseID] of ['toolu_1', 'toolu_2', 'toolu_3'].entries()) {
  const stop = new AbortController();
  if (index === 2) setTimeout(() => stop.abort(new Error('stopped')), 1000);
  results.push(await canUseTool('Bash', { command: 'ls' }, { signal: stop.signal, toolUseID, requestId: 'r' }));
}
console.log(JSON.stringify(results));
`;

test('the package is imported and type-checked from outside', async (t) => {
  const folder = await installed(t);
  writeFileSync(join(folder, 'program.ts'), PROGRAM);
  const options = {
    strict: true,
    module: 'nodenext',
    target: 'es2024',
    types: ['node'],
    skipLibCheck: false,
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, files: ['program.ts'] }),
  );
  const { stdout: files } = await node(folder, [TSC, '--noEmit', '--listFiles', '-p', folder]);
  t.match(files, /node_modules\/sallyport\/dist\/client\/api\.d\.ts$/m, 'its types are good');
  const { url } = await start(t, { store: 'memory:' });
  const { stdout } = await node(folder, ['program.ts', url]);
  t.equal(stdout, 'approved approval.requested approval.resolved agent-not-found\n');

  const client = join(folder, 'node_modules/sallyport/dist/client');
  const built = globSync('**/*.js', { cwd: client });
  t.ok(built.includes('index.js'));
  for (const name of built) {
    const text = readFileSync(join(client, name), 'utf8');
    const imports = [...text.matchAll(/^(?:im|ex)port .*from '([^']+)'/gm)].map(([, from]) => String(from));
    const others = imports.filter((from) => !from.startsWith('./') && from !== 'eventsource-parser');
    t.strictSame(others, [], name);
    t.notMatch(text, /\b(process|Buffer|require)\b\s*[.(]/, `${name} needs nothing of Node`);
  }
});

test('the page on the Agent SDK works as it is', async (t) => {
  const folder = await installed(t);
  const page = readFileSync(new URL('../../docs/integrations/sdk.md', import.meta.url), 'utf8');
  const example = page.split('```ts\n').find((block) => block.includes('export const canUseTool'));
  writeFileSync(join(folder, 'can-use-tool.ts'), String(example?.split('```', 1)[0]));
  writeFileSync(join(folder, 'caller.ts'), CALLER);
  const service = await startGuarded(t);
  const call = (token: string) =>
    node(folder, ['caller.ts'], { SALLYPORT_URL: service.url, SALLYPORT_TOKEN: token }).then(({ stdout }) =>
      JSON.parse(stdout),
    );
  const stream = await service.stream('/events/stream?kind=approval.*', bearer(service.tokens.viewer));
  await stream.hello();
  const decide = async (seq: number, body: object) => {
    const { payload } = await stream.seq(seq);
    t.match(payload, {
      action: 'Use Bash',
      details: { input: { command: 'ls' } },
      requested_by: { session_id: 'my-agent' },
    });
    await service.client.post(`/approvals/${payload.id}/resolve`, body);
  };
  const calls = call(service.tokens.agent);
  await decide(1, { resolution: 'approve' });
  await decide(3, { resolution: 'deny', comment: 'not today' });
  t.strictSame(await calls, [
    { behavior: 'allow', updatedInput: { command: 'ls' } },
    { behavior: 'deny', message: 'not today' },
    { behavior: 'deny', message: 'Nobody could be asked: stopped' },
  ]);
  t.match(await stream.seq(6), {
    kind: 'approval.cancelled',
    payload: { comment: 'the agent stopped waiting' },
  });
  const refused = await call(service.tokens.viewer);
  t.match(refused[0], {
    behavior: 'deny',
    message: /^Nobody could be asked: the role 'viewer' does not include/,
  });
});
