import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Test, test } from 'tap';
import { build } from '../process/built.ts';
import { UNMEASURED } from '../process/sallyport.ts';
import { start } from '../service.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
const exec = promisify(execFile);

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

/** The package as npm would publish it, installed in a folder of its own, with its one dependency. */
async function installed(t: Test): Promise<string> {
  const folder = t.testdir({});
  await exec('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT });
  const [archive = ''] = globSync('*.tgz', { cwd: folder });
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@types'), { recursive: true });
  await exec('tar', ['-xzf', archive], { cwd: folder });
  cpSync(join(folder, 'package'), join(modules, 'sallyport'), { recursive: true });
  for (const name of ['eventsource-parser', '@types/node', 'undici-types']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return folder;
}

test('the package is imported and type-checked from outside', async (t) => {
  build();
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
  const [command = '', ...unmeasured] = UNMEASURED;
  const node = [...unmeasured, process.execPath];
  const check = [...node, TSC, '--noEmit', '--listFiles', '-p', folder];
  const { stdout: files } = await exec(command, check);
  t.match(files, /node_modules\/sallyport\/dist\/client\/api\.d\.ts$/m, 'its types are good');
  const { url } = await start(t, { store: 'memory:' });
  const { stdout } = await exec(command, [...node, join(folder, 'program.ts'), url], { cwd: folder });
  t.equal(stdout, 'approved approval.requested approval.resolved agent-not-found\n');

  const built = globSync('**/*.js', { cwd: join(folder, 'node_modules/sallyport/dist/client') });
  t.ok(built.includes('index.js'));
  for (const name of built) {
    const text = readFileSync(join(folder, 'node_modules/sallyport/dist/client', name), 'utf8');
    const imports = [...text.matchAll(/^(?:im|ex)port .*from '([^']+)'/gm)].map(([, from]) => String(from));
    t.strictSame(
      imports.filter((from) => !from.startsWith('./') && from !== 'eventsource-parser'),
      [],
      name,
    );
    t.notMatch(text, /\b(process|Buffer|require)\b\s*[.(]/, `${name} needs nothing of Node`);
  }
});
