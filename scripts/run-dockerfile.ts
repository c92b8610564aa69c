import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  globSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Copy, type Final, isInContext, readDockerfile, type Stage } from './dockerfile.ts';

/**
 * Checks the Dockerfile where there is no Docker: runs its stages in a scratch folder, each with the file's own RUN
 * lines, then what CMD says, with the file's ENV, until the HEALTHCHECK is content, and ends it by STOPSIGNAL.
 * Only the base image is not there; this Node.js stands in for it, and has to be of the same major version.
 * Run by root, the service runs as the uid that the image's user has.
 */

const context = fileURLToPath(new URL('..', import.meta.url));
/** The `node` user of the official images. */
const IMAGE_USER = { name: 'node', id: 1000 };
const START_LIMIT_MS = 20_000;
const STOP_LIMIT_MS = 5000;

const scratch = mkdtempSync(join(tmpdir(), 'sallyport-dockerfile-'));
try {
  chmodSync(scratch, 0o755);
  mkdirSync(join(scratch, 'bin'));
  copyFileSync(process.execPath, join(scratch, 'bin', 'node'));
  const { stages, final } = readDockerfile(context);
  for (const stage of stages) {
    step(`stage ${stage.name}`, () => build(stage));
  }
  await run(final);
} catch (error) {
  console.error(`Dockerfile: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function rootOf(stage: string): string {
  return join(scratch, stage);
}

function build(stage: Stage): void {
  const major = process.versions.node.split('.')[0];
  if (!stage.image.startsWith(`node:${major}-`)) {
    throw new Error(`the image ${stage.image} is not what this check runs, Node.js ${major}`);
  }
  const root = rootOf(stage.name);
  mkdirSync(root);
  for (const instruction of stage.steps) {
    const directory = join(root, instruction.directory);
    mkdirSync(directory, { recursive: true });
    if (instruction.kind === 'copy') {
      copy(instruction, root, directory);
    } else {
      const { status } = spawnSync('/bin/sh', ['-c', instruction.command], {
        cwd: directory,
        env: environment(instruction.env),
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      if (status !== 0) {
        throw new Error(`exit code ${status} from RUN ${instruction.command}`);
      }
    }
  }
}

/** As COPY does: a folder's content goes into the target, a file into it if the target is a folder. */
function copy({ from, owner, sources, target }: Copy, root: string, directory: string): void {
  const to = resolveIn(root, directory, target);
  for (const source of sources) {
    const path = from === null ? resolve(context, source) : join(rootOf(from), source);
    const filter = from === null ? (file: string) => isInContext(context, file) : () => true;
    if (!filter(path)) {
      throw new Error(`COPY ${source} finds nothing: .dockerignore leaves it out`);
    }
    const intoFolder = !statSync(path).isDirectory() && (sources.length > 1 || target.endsWith('/'));
    const copied = intoFolder ? join(to, basename(path)) : to;
    mkdirSync(dirname(copied), { recursive: true });
    cpSync(path, copied, { recursive: true, verbatimSymlinks: true, filter });
    if (owner !== null && process.getuid?.() === 0) {
      chownSync(copied, IMAGE_USER.id, IMAGE_USER.id);
    }
  }
}

function resolveIn(root: string, directory: string, path: string): string {
  return path.startsWith('/') ? join(root, path) : resolve(directory, path);
}

/** The machine's own, for its proxies and registries, with nothing that would steer npm or the service. */
function environment(own: Record<string, string>): NodeJS.ProcessEnv {
  const outer = Object.entries(process.env).filter(
    ([name]) =>
      !/^(SALLYPORT_|NODE_(ENV|OPTIONS|PATH|V8_COVERAGE)$|INIT_CWD$|npm_(package|lifecycle|config_(local_)?prefix))/.test(
        name,
      ),
  );
  const path = [join(scratch, 'bin'), process.env.PATH].join(':');
  return { ...Object.fromEntries(outer), ...own, PATH: path };
}

async function run({
  stage,
  directory,
  env,
  user,
  volumes,
  health,
  command,
  stopSignal,
}: Final): Promise<void> {
  if (user !== IMAGE_USER.name) {
    throw new Error(`USER has to be ${IMAGE_USER.name}, not ${user}`);
  }
  const root = rootOf(stage);
  const own: Record<string, string> = {
    ...env,
    SALLYPORT_HOST: '127.0.0.1',
    SALLYPORT_PORT: String(await freePort()),
  };
  for (const volume of volumes) {
    own.SALLYPORT_STORE = String(own.SALLYPORT_STORE).replace(`:${volume}/`, `:${join(root, volume)}/`);
  }
  const identity = process.getuid?.() === 0 ? { uid: IMAGE_USER.id, gid: IMAGE_USER.id } : {};
  const options = { cwd: join(root, directory), env: environment(own), ...identity };
  const isHealthy = () => spawnSync(first(health), health.slice(1), options).status === 0;
  if (isHealthy()) {
    throw new Error('the HEALTHCHECK is content although nothing runs');
  }

  const before = listing(root, volumes);
  const started = performance.now();
  const service = spawn(first(command), command.slice(1), {
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  service.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  try {
    while (!isHealthy()) {
      if (service.exitCode !== null || performance.now() - started > START_LIMIT_MS) {
        throw new Error(`CMD did not become healthy; exit code ${service.exitCode}\n${lines.join('')}`);
      }
      await sleep(100);
    }
    say('CMD is up and the HEALTHCHECK content', started);
    await stop(service, stopSignal);
  } finally {
    service.kill('SIGKILL');
  }
  const after = listing(root, volumes);
  const changed = [...after].filter((entry) => !before.has(entry));
  if (changed.length > 0) {
    throw new Error(`these were written outside of ${volumes.join(', ')}: ${changed.join(', ')}`);
  }
  if (globSync('**/*', { cwd: join(root, first(volumes)) }).length === 0) {
    throw new Error(`nothing was written to ${volumes[0]}`);
  }
}

async function stop(service: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const started = performance.now();
  const exited = once(service, 'exit', { signal: AbortSignal.timeout(STOP_LIMIT_MS) });
  service.kill(signal);
  const [code] = await exited.catch(() => {
    throw new Error(`${signal} did not end it within ${STOP_LIMIT_MS} ms`);
  });
  if (code !== 0) {
    throw new Error(`${signal} ended it with exit code ${code}`);
  }
  say(`${signal} ended it with exit code 0`, started);
}

/** Everything in the image but its volumes, with its times, so that a change shows. */
function listing(root: string, volumes: readonly string[]): Set<string> {
  const files = globSync('**/*', { cwd: root }).filter((file) => {
    return !volumes.some((volume) => `/${file}` === volume || `/${file}`.startsWith(`${volume}/`));
  });
  return new Set(files.map((file) => `${file} ${lstatSync(join(root, file)).mtimeMs}`));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function first(words: readonly string[]): string {
  return String(words[0]);
}

function step(what: string, work: () => void): void {
  const started = performance.now();
  work();
  say(what, started);
}

function say(what: string, started: number): void {
  console.log(`Dockerfile: ${what} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}
