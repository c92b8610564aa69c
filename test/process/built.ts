import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UNMEASURED } from './sallyport.ts';

const BUILD = fileURLToPath(new URL('../../scripts/build.ts', import.meta.url));

/** Makes `dist/`, which is what runs in production. */
export function build(): void {
  const [command = '', ...args] = [...UNMEASURED, process.execPath, BUILD];
  execFileSync(command, args, { stdio: 'pipe' });
}

/** False, or why a test that needs this program is skipped. */
export function without(program: string): string | false {
  return spawnSync(program, ['--version']).error === undefined ? false : `${program} is not installed`;
}
