import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Test } from 'tap';
import { build } from '../process/built.ts';
import { UNMEASURED } from '../process/sallyport.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const exec = promisify(execFile);

/** The package as npm would publish it, installed in a folder of its own, with its one dependency. */
export async function installed(t: Test): Promise<string> {
  build();
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-installed-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
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

/** Runs Node outside of what is measured. */
export function node(cwd: string, args: readonly string[], env: Record<string, string> = {}) {
  const [command = '', ...rest] = UNMEASURED;
  return exec(command, [...rest, process.execPath, ...args], { cwd, env: { ...process.env, ...env } });
}
