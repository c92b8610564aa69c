import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

/**
 * `npm run build`: makes `dist/`, which any Node.js of the supported versions runs, from `src/`. The service and the
 * packages it needs become a few files, since finding and reading a thousand was most of the time of a start.
 */

/** What `main.ts` loads, by module, and what it takes of it. */
const PROGRAMS = [
  { module: 'run', exports: ['run'] },
  { module: 'cli/client', exports: ['runClient'] },
  { module: 'cli/token', exports: ['runToken'] },
  { module: 'cli/copy', exports: ['runCopy'] },
  { module: 'journal/copy', exports: ['copyLog'] },
] as const;
/** A program is one function: see `src/program.ts`. */
const WRAPPER = [
  "(function (exports, require, module, __filename, __dirname) { 'use strict'; const modulesUrl = require('node:url').pathToFileURL(__dirname + '/../');",
  '})',
] as const;

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const programs = join(dist, 'programs');
const started = performance.now();

rmSync(dist, { recursive: true, force: true });
// In here, so that packages are found.
const modules = mkdtempSync(join(root, '.build-'));
try {
  run('typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', modules);
  // The client says its types to those who import it, and is compiled as browsers have it.
  run('typescript/bin/tsc', '-p', 'tsconfig.client.json');
  await Promise.all([bundlePrograms(), bundleWorker(), bundleClient()]);
  for (const name of ['main.js', 'program.js']) copyFileSync(join(modules, name), join(dist, name));
} finally {
  rmSync(modules, { recursive: true });
}
run('scripts/build-dashboard.ts');
run('scripts/compile-programs.ts');

const command = join(dist, 'main.js');
if (!readFileSync(command, 'utf8').startsWith('#!/usr/bin/env node\n')) {
  throw new Error('dist/main.js does not begin with #!/usr/bin/env node, so it cannot be run as a command');
}
chmodSync(command, 0o755);
const files = globSync('**/*.js', { cwd: dist }).length;
console.log(`dist/: ${files} files in ${((performance.now() - started) / 1000).toFixed(1)} s`);

/** A program, by its path in `node_modules` or in here. */
function run(program: string, ...args: string[]): void {
  const path = program.startsWith('scripts/') ? join(root, program) : join(root, 'node_modules', program);
  const { status } = spawnSync(process.execPath, [path, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    throw new Error(`dist/ was not made: ${program} failed`);
  }
}

/** Each with the packages it needs in one file, and beside where it was a module that loads it. */
async function bundlePrograms(): Promise<void> {
  await build({
    entryPoints: PROGRAMS.map(({ module }) => ({ in: join(modules, `${module}.js`), out: nameOf(module) })),
    absWorkingDir: modules,
    outdir: programs,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    // A script that is not a module of Node's own loader has no `import()`.
    supported: { 'dynamic-import': false },
    // They are asked for by name and may be missing.
    external: ['pino-pretty', 'pg-native', '@fastify/swagger-ui/package.json'],
    banner: { js: WRAPPER[0] },
    footer: { js: WRAPPER[1] },
    plugins: [placesOfModules()],
    logLevel: 'warning',
  });
  for (const { module, exports } of PROGRAMS) {
    const up = '../'.repeat(module.split('/').length - 1) || './';
    mkdirSync(dirname(join(dist, `${module}.js`)), { recursive: true });
    const load = `loadProgram(fileURLToPath(new URL('${up}programs/${nameOf(module)}.cjs', import.meta.url)))`;
    writeFileSync(
      join(dist, `${module}.js`),
      `import { fileURLToPath } from 'node:url';
import { loadProgram } from '${up}program.js';

export const { ${exports.join(', ')} } = ${load};
`,
    );
  }
}

function nameOf(module: string): string {
  return module.replace('/', '-');
}

/** What a thread of the log runs is little: it is compiled while Node.js would look for its code. */
async function bundleWorker(): Promise<void> {
  await build({
    entryPoints: [join(modules, 'journal', 'sqlite-worker.js')],
    absWorkingDir: modules,
    outdir: join(dist, 'journal'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    logLevel: 'warning',
  });
}

/** For Node.js and browsers alike: one file that imports nothing. */
async function bundleClient(): Promise<void> {
  await build({
    entryPoints: [join(modules, 'client', 'index.js')],
    absWorkingDir: modules,
    outdir: join(dist, 'client'),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2024',
    logLevel: 'warning',
  });
}

/** Our modules look for files from where they are themselves: that place stays what it is, although they move. */
function placesOfModules(): Plugin {
  return {
    name: 'places-of-modules',
    setup({ onLoad }) {
      onLoad({ filter: /@fastify\/swagger-ui\/(index|lib\/routes)\.js$/ }, ({ path }) => {
        const place = path.endsWith('routes.js') ? 'lib' : '.';
        const folder = `require('node:path').join(require.resolve('@fastify/swagger-ui/package.json'), '../${place}')`;
        return { contents: readFileSync(path, 'utf8').replaceAll('__dirname', folder) };
      });
      onLoad({ filter: /\.js$/ }, ({ path }) => {
        const place = relative(modules, path);
        if (place.startsWith('..')) return undefined;
        const text = readFileSync(path, 'utf8');
        return {
          contents: text.replaceAll('import.meta.url', `new URL('${place}', modulesUrl).href`),
        };
      });
    },
  };
}
