import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/**
 * Makes the dashboard from `src/dashboard`: one page, one style sheet, one script, the worker that holds the stream, and
 * what the script fetches when it is needed. Names hold a hash of what is in the file, so that browsers may keep it for ever.
 */

export const SOURCE = fileURLToPath(new URL('../src/dashboard/', import.meta.url));
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };

/** Into `folder`, which it replaces. Resolves with the compressed size in bytes, by the better way and the worse one. */
export async function buildDashboard(folder: string): Promise<{ brotli: number; gzip: number }> {
  const made = `${folder}.${process.pid}.new`;
  const assets = join(made, 'assets');
  rmSync(made, { recursive: true, force: true });
  mkdirSync(assets, { recursive: true });
  try {
    const workerName = await bundle(assets, 'worker.js', 'live/worker.ts', {});
    const script = { WORKER_PATH: JSON.stringify(`/assets/${workerName}`) };
    const scriptName = await bundle(assets, 'dashboard.js', 'main.tsx', script);
    const styleName = await bundle(assets, 'dashboard.css', 'styles/dashboard.css', {});
    const page = readFileSync(join(SOURCE, 'index.html'), 'utf8')
      .replace('dashboard.css', `/assets/${styleName}`)
      .replace('dashboard.js', `/assets/${scriptName}`);
    writeFileSync(join(made, 'index.html'), page);
    const size = compress(made);
    rmSync(folder, { recursive: true, force: true });
    renameSync(made, folder);
    return size;
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** Writes what `entry` becomes as `name` with a hash, and beside it what it loads later. Returns the name. */
async function bundle(
  folder: string,
  name: string,
  entry: string,
  define: Record<string, string>,
): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(SOURCE, entry)],
    outdir: folder,
    bundle: true,
    splitting: true,
    write: false,
    minify: true,
    format: 'esm',
    target: ['es2022', 'chrome109', 'firefox115', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define,
    // The worker's script, by the name that was made for it.
    external: ['/assets/*'],
    chunkNames: '[name]-[hash]',
    legalComments: 'none',
    logLevel: 'error',
  });
  const [main, ...later] = outputFiles;
  for (const { path, text } of later) {
    writeFileSync(path, text);
  }
  return write(folder, name, String(main?.text));
}

function write(folder: string, name: string, text: string): string {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const hashed = basename(name).replace(/(?=\.\w+$)/, `-${hash}`);
  writeFileSync(join(folder, hashed), text);
  return hashed;
}

function compress(folder: string): { brotli: number; gzip: number } {
  const size = { brotli: 0, gzip: 0 };
  for (const name of globSync('**/*.{html,js,css}', { cwd: folder })) {
    const bytes = readFileSync(join(folder, name));
    const brotli = brotliCompressSync(bytes, BROTLI);
    const gzip = gzipSync(bytes, { level: 9 });
    writeFileSync(join(folder, `${name}.br`), brotli);
    writeFileSync(join(folder, `${name}.gz`), gzip);
    size.brotli += brotli.length;
    size.gzip += gzip.length;
  }
  return size;
}
