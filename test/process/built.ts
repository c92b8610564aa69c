import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashOfSources } from '../source-hash.ts';
import { BUILT, UNMEASURED } from './sallyport.ts';

const BUILD = fileURLToPath(new URL('../../scripts/build.ts', import.meta.url));
const SOURCES = [
  'src/**/*.*',
  'scripts/*build*.ts',
  'scripts/*bundle*.ts',
  'scripts/compile-programs.ts',
  'package*.json',
  'tsconfig*.json',
];
/** Says what the tests have made `dist/` from, and when. */
const MARK = fileURLToPath(new URL('../../.tap/dist', import.meta.url));

/** Makes `dist/`, which is what runs in production, unless the tests have made it from the same sources and it is as they left it. */
export function build(): void {
  const sources = hashOfSources(SOURCES);
  if (readMark() === markOf(sources)) {
    return;
  }
  const [command = '', ...args] = [...UNMEASURED, process.execPath, BUILD];
  execFileSync(command, args, { stdio: 'pipe' });
  mkdirSync(dirname(MARK), { recursive: true });
  writeFileSync(MARK, markOf(sources));
}

function markOf(sources: string): string {
  return `${sources} ${statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs}`;
}

function readMark(): string | undefined {
  try {
    return readFileSync(MARK, 'utf8');
  } catch {
    return undefined;
  }
}

/** False, or why a test that needs this program is skipped. */
export function without(program: string): string | false {
  return spawnSync(program, ['--version']).error === undefined ? false : `${program} is not installed`;
}
