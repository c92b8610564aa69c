import { hash } from 'node:crypto';
import { globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';

const SOURCES = ['{src,test,scripts,bench}/**/*.ts'];

/**
 * Puts all of our source, without its types, where `stripped.js` finds it: each file under the hash of its content. The
 * types become spaces, so places in it are places in the source, which the coverage needs.
 */
export function stripTypes(root: string): void {
  const folder = join(root, '.tap', 'stripped');
  mkdirSync(folder, { recursive: true });
  const there = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const wanted = new Set<string>();
  for (const path of globSync(SOURCES, { cwd: root })) {
    const source = readFileSync(join(root, path));
    const name = `${hash('sha256', source)}.js`;
    wanted.add(name);
    if (!there.includes(name)) {
      write(join(folder, name), strip(source.toString()));
    }
  }
  for (const name of there.filter((name) => !wanted.has(name))) {
    rmSync(join(folder, name), { force: true });
  }
}

/** As Node.js does when it runs the source, but without the warning that this function may change. */
function strip(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Whole, also for those who read meanwhile. */
function write(file: string, text: string): void {
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}
