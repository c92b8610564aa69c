import { spawnSync } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

/**
 * `npm run build`: makes `dist/`, which any Node.js of the supported versions runs, from `src/`. The service and the
 * packages it needs become a few files, since finding and reading a thousand was most of the time of a start.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const started = performance.now();

rmSync(dist, { recursive: true, force: true });
// In here, so that packages are found.
const modules = mkdtempSync(join(root, '.build-'));
try {
  run('typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', modules);
  // The client says its types to those who import it, and is compiled as browsers have it.
  run('typescript/bin/tsc', '-p', 'tsconfig.client.json');
  await Promise.all([bundle(), bundleClient()]);
} finally {
  rmSync(modules, { recursive: true });
}
run('scripts/build-dashboard.ts');

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

async function bundle(): Promise<void> {
  await build({
    entryPoints: ['main', 'journal/sqlite-worker'].map((name) => join(modules, `${name}.js`)),
    absWorkingDir: modules,
    outdir: dist,
    outbase: modules,
    // All beside main.js: see `placesOfModules`.
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // They have files of their own, or are asked for by name and may be missing.
    external: ['@fastify/swagger-ui', 'pino-pretty', 'pg-native'],
    // What packages ask for with `require` is Node's own.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    plugins: [placesOfModules()],
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
      onLoad({ filter: /\.js$/ }, ({ path }) => {
        const place = relative(modules, path);
        if (place.startsWith('..')) return undefined;
        const text = readFileSync(path, 'utf8');
        return {
          contents: text.replaceAll('import.meta.url', `new URL('./${place}', import.meta.url).href`),
        };
      });
    },
  };
}
