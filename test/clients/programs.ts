import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the scenarios were written for. `folder`: the SDK brings Claude Code along, which is left out, so it is installed apart. */
const PINNED = [
  { name: '@anthropic-ai/claude-code', version: '2.1.330', folder: 'programs', flags: [] },
  { name: '@openai/codex', version: '0.169.0', folder: 'programs', flags: [] },
  {
    name: '@anthropic-ai/claude-agent-sdk',
    version: '0.3.330',
    folder: 'agent-sdk',
    flags: ['--omit=optional'],
  },
] as const;

type Pinned = (typeof PINNED)[number];

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
  /** Its command is the package's folder: it is imported. */
  readonly 'Agent SDK': Program;
}

/** Installs what is not there yet, from the npm registry. Throws with the reason where a program cannot be run. */
export async function installPrograms(report: (line: string) => void): Promise<Programs> {
  for (const folder of new Set(PINNED.map((pinned) => pinned.folder))) {
    const here = PINNED.filter((pinned) => pinned.folder === folder);
    if (here.some((pinned) => installedVersion(pinned) !== pinned.version)) {
      report(
        `installing ${here.map(({ name, version }) => `${name}@${version}`).join(' and ')} into .clients`,
      );
      await install(folder, here);
    }
  }
  const [claude, codex, sdk] = PINNED;
  return {
    'Claude Code': programOf([join(packageFolder(claude), 'bin', 'claude.exe')]),
    Codex: programOf([process.execPath, join(packageFolder(codex), 'bin', 'codex.js')]),
    'Agent SDK': { command: [packageFolder(sdk)], version: sdk.version },
  };
}

async function install(folder: string, pinned: readonly Pinned[]): Promise<void> {
  const prefix = join(FOLDER, folder);
  mkdirSync(prefix, { recursive: true });
  // npm installs into the nearest folder that is a package; that must not be ours.
  writeFileSync(join(prefix, 'package.json'), '{ "private": true }\n');
  const flags = [
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    ...pinned.flatMap((one) => one.flags),
  ];
  const packages = pinned.map(({ name, version }) => `${name}@${version}`);
  await run('npm', ['install', '--prefix', prefix, ...flags, ...packages]);
  for (const one of pinned) {
    // The one script that is needed: it puts the program of this platform where the package's command is.
    const script = join(packageFolder(one), 'install.cjs');
    if (existsSync(script)) await run(process.execPath, [script]);
  }
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { cwd: FOLDER, stdio: 'inherit' });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
}

function packageFolder({ folder, name }: Pinned): string {
  return join(FOLDER, folder, 'node_modules', name);
}

function installedVersion(pinned: Pinned): string | undefined {
  const file = join(packageFolder(pinned), 'package.json');
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
