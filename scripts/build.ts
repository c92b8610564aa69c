import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `npm run build`: makes `dist/`, which any Node.js of the supported versions runs, from `src/`. */

const root = fileURLToPath(new URL('..', import.meta.url));
const [source, dist] = [join(root, 'src'), join(root, 'dist')];
const started = performance.now();

rmSync(dist, { recursive: true, force: true });
const compiler = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(
  'package.json',
  'bin/tsc',
);
const options = { cwd: root, stdio: 'inherit' } as const;
// The client is compiled as browsers have it, and says its types to those who import it.
for (const project of ['tsconfig.build.json', 'tsconfig.client.json']) {
  const { status } = spawnSync(process.execPath, [compiler, '-p', project], options);
  if (status !== 0) {
    console.error(`dist/ was not made: the TypeScript compiler failed with ${project}`);
    process.exit(1);
  }
}

const others = globSync('**/*', { cwd: source, withFileTypes: true }).filter(
  (entry) => entry.isFile() && !entry.name.endsWith('.ts'),
);
for (const entry of others) {
  const from = join(entry.parentPath, entry.name);
  const to = join(dist, from.slice(source.length));
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

const command = join(dist, 'main.js');
if (!readFileSync(command, 'utf8').startsWith('#!/usr/bin/env node\n')) {
  throw new Error('dist/main.js does not begin with #!/usr/bin/env node, so it cannot be run as a command');
}
chmodSync(command, 0o755);

const modules = globSync('**/*.js', { cwd: dist }).length;
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`dist/: ${modules} modules and ${others.length} other files in ${seconds} s`);
