import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** A PostgreSQL to test with. */
export interface PostgresServer {
  /** Of a database in which the tests may make schemas. */
  readonly url: string;
  readonly port: number;
  /** Absent where the tests did not start it. */
  readonly restart?: (how: 'fast' | 'immediate') => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Why there is no PostgreSQL here; false: there is. For the `skip` of a test. */
export const noPostgres: string | false =
  process.env.SALLYPORT_TEST_POSTGRES || findPrograms() !== undefined
    ? false
    : 'needs PostgreSQL (Debian: apt-get install postgresql) or SALLYPORT_TEST_POSTGRES=postgres://…';

/** Why a test cannot start a PostgreSQL of its own; false: it can. */
export const noPrograms: string | false =
  findPrograms() === undefined
    ? 'needs the programs of PostgreSQL (Debian: apt-get install postgresql)'
    : false;

/** The one of `SALLYPORT_TEST_POSTGRES`, or a new one from the programs of this machine. */
export async function startPostgres(): Promise<PostgresServer> {
  const given = process.env.SALLYPORT_TEST_POSTGRES;
  if (!given) return startOwnPostgres();
  return { url: given, port: Number(new URL(given).port || 5432), stop: async () => {} };
}

/**
 * A new server in a folder of its own, on this machine only, gone when it is stopped or this process ends. `isDurable`: it
 * waits for the disk, which is not what most tests are about.
 */
export async function startOwnPostgres({ isDurable = false } = {}): Promise<PostgresServer> {
  const programs = findPrograms() as string;
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-postgres-'));
  const user = ordinaryUser();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'sallyport', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    { ...user, cwd: folder, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb has failed: ${made.stdout}${made.stderr}`);
  const port = await freePort();
  const start = () => startServer(programs, folder, { port, isDurable }, user);
  let running = await start();
  return {
    url: `postgres://sallyport@127.0.0.1:${port}/postgres`,
    port,
    restart: async (how) => {
      await end(running, how === 'fast' ? 'INT' : 'QUIT');
      running = await start();
    },
    stop: () => end(running, null),
  };
}

type User = { readonly uid: number; readonly gid: number };

/**
 * A shell stands between, which ends the server when this process ends in whatever way. It reads a signal to end with, or
 * the end of its input: then the folder goes too.
 */
const KEEPER = `"$0" "$@" & server=$!
read -r signal
kill -"\${signal:-INT}" "$server"
wait "$server"
[ -n "$signal" ] || rm -rf "$PWD"`;

async function startServer(
  programs: string,
  folder: string,
  { port, isDurable }: { readonly port: number; readonly isDurable: boolean },
  user?: User,
): Promise<ChildProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    max_connections: '200',
    fsync: isDurable ? 'on' : 'off',
    shared_buffers: '64MB',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const keeper = spawn(
    'sh',
    ['-c', KEEPER, join(programs, 'postgres'), '-D', join(folder, 'data'), ...flags],
    {
      ...user,
      cwd: folder,
      stdio: ['pipe', 'ignore', 'pipe'],
    },
  );
  let log = '';
  for await (const chunk of keeper.stderr?.setEncoding('utf8').iterator({ destroyOnReturn: false }) ?? []) {
    log += chunk;
    if (log.includes('ready to accept connections')) {
      keeper.stderr?.resume();
      return keeper;
    }
    if (log.includes('database system is shut down')) break;
  }
  keeper.stdin?.end();
  throw new Error(`PostgreSQL has not started: ${log}`);
}

async function end(keeper: ChildProcess, signal: 'INT' | 'QUIT' | null): Promise<void> {
  if (keeper.exitCode !== null) return;
  const exited = once(keeper, 'exit');
  keeper.stdin?.end(signal === null ? '' : `${signal}\n`);
  await Promise.race([exited, setTimeout(20_000, undefined, { ref: false })]);
}

/** The folder of `initdb` and `postgres`: of the newest version, where there are several. */
function findPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(root, version, 'bin')),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** PostgreSQL refuses to run as root. Undefined: this is no root. */
export function ordinaryUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = ['postgres', 'nobody'].flatMap((name) => users.filter(([user]) => user === name))[0];
  return { uid: Number(found?.[2]), gid: Number(found?.[3]) };
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
