import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The versions that the scenarios were written for. */
const PINNED = { '@anthropic-ai/claude-code': '2.1.330', '@openai/codex': '0.169.0' };

/** They are large, so they are kept between runs, outside `node_modules`, which `npm ci` empties. */
const FOLDER = fileURLToPath(new URL('../../.clients', import.meta.url));

export interface Program {
  /** With its first arguments. */
  readonly command: readonly [string, ...string[]];
  /** As the program itself says. */
  readonly version: string;
}

export interface Programs {
  readonly 'Claude Code': Program;
  readonly Codex: Program;
}

/** Installs what is not there yet, from the npm registry. Throws with the reason where a program cannot be run. */
export async function installPrograms(report: (line: string) => void): Promise<Programs> {
  const wanted = Object.entries(PINNED).filter(([name, version]) => installedVersion(name) !== version);
  if (wanted.length > 0) {
    const packages = wanted.map(([name, version]) => `${name}@${version}`);
    report(`installing ${packages.join(' and ')} into .clients (about 800 MB, once)`);
    await install(Object.entries(PINNED).map(([name, version]) => `${name}@${version}`));
  }
  return {
    'Claude Code': programOf([join(packageFolder('@anthropic-ai/claude-code'), 'bin', 'claude.exe')]),
    Codex: programOf([process.execPath, join(packageFolder('@openai/codex'), 'bin', 'codex.js')]),
  };
}

async function install(packages: readonly string[]): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  // npm installs into the nearest folder that is a package; that must not be ours.
  writeFileSync(join(FOLDER, 'package.json'), '{ "private": true }\n');
  const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', '--prefix', FOLDER, ...flags, ...packages]);
  // The one script that is needed: it puts the program of this platform where the package's command is.
  await run(process.execPath, [join(packageFolder('@anthropic-ai/claude-code'), 'install.cjs')]);
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { cwd: FOLDER, stdio: 'inherit' });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
}

function packageFolder(name: string): string {
  return join(FOLDER, 'node_modules', name);
}

function installedVersion(name: string): string | undefined {
  const file = join(packageFolder(name), 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
}

function programOf(command: Program['command']): Program {
  const [file, ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(file, [...args, '--version'], { encoding: 'utf8' });
  const version = /\d+\.\d+\.\d+/.exec(stdout ?? '')?.[0];
  if (status !== 0 || version === undefined) {
    throw new Error(
      `${command.join(' ')} cannot be run: ${error?.message ?? stderr}; remove .clients to install again`,
    );
  }
  return { command, version };
}
