import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** A PostgreSQL to test with. */
export interface PostgresServer {
  /** Of a database in which the tests may make schemas. */
  readonly url: string;
  readonly port: number;
  /** Absent where the tests did not start it. */
  readonly restart?: (how: 'fast' | 'immediate') => Promise<void>;
  /** As a crash ends it. Absent where the tests did not start it. */
  readonly halt?: () => Promise<void>;
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
  const folder = freshFolder();
  const encoding = ['-E', 'UTF8', '--no-locale'];
  runProgram('initdb', folder, ['-D', 'data', '-U', 'sallyport', '-A', 'trust', ...encoding, '--no-sync']);
  return serve(folder, { fsync: isDurable ? 'on' : 'off' });
}

/** A server that follows another, and can take its place. */
export interface Standby extends PostgresServer {
  /** It takes changes from now on. */
  readonly promote: () => void;
}

/** A standby, by that name, of the server at `primary`, which the tests have started. It has all that is there now. */
export async function startStandby(primary: PostgresServer, name: string): Promise<Standby> {
  const folder = freshFolder();
  const from = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'sallyport'];
  runProgram('pg_basebackup', folder, [
    ...from,
    '-D',
    'data',
    '-R',
    '-X',
    'stream',
    '-c',
    'fast',
    '--no-sync',
  ]);
  return {
    ...(await serve(folder, { fsync: 'off', cluster_name: name })),
    promote: () => runProgram('pg_ctl', folder, ['-D', 'data', '-w', 'promote']),
  };
}

/** The server whose data is in the folder. */
async function serve(folder: string, settings: Record<string, string>): Promise<PostgresServer> {
  const port = await freePort();
  const start = () => startServer(folder, { port: String(port), ...settings });
  let running = await start();
  return {
    url: `postgres://sallyport@127.0.0.1:${port}/postgres`,
    port,
    restart: async (how) => {
      await end(running, how === 'fast' ? 'INT' : 'QUIT');
      running = await start();
    },
    halt: () => end(running, 'QUIT'),
    stop: async () => {
      await end(running, null);
      // After `halt` its keeper has left it.
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-postgres-'));
  const user = ordinaryUser();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  return folder;
}

/** Runs one of PostgreSQL's own until it ends. */
function runProgram(name: string, folder: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(programOf(name), args, {
    ...ordinaryUser(),
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${name} has failed: ${stdout}${stderr}`);
}

/** Where only some have a link in the path, the others are beside what that leads to. */
function programOf(name: string): string {
  const initdb = join(findPrograms() as string, 'initdb');
  return join(dirname(realpathSync(initdb)), name);
}

/**
 * A shell stands between, which ends the server when this process ends in whatever way. It reads a signal to end with, or
 * the end of its input: then the folder goes too.
 */
const KEEPER = `"$0" "$@" & server=$!
read -r signal
kill -"\${signal:-INT}" "$server"
wait "$server"
[ -n "$signal" ] || rm -rf "$PWD"`;

async function startServer(folder: string, own: Record<string, string>): Promise<ChildProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    max_connections: '200',
    shared_buffers: '64MB',
    ...own,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const keeper = spawn('sh', ['-c', KEEPER, programOf('postgres'), '-D', join(folder, 'data'), ...flags], {
    ...ordinaryUser(),
    cwd: folder,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let log = '';
  for await (const chunk of keeper.stderr?.setEncoding('utf8').iterator({ destroyOnReturn: false }) ?? []) {
    log += chunk;
    if (/ready to accept (read-only )?connections/.test(log)) {
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

type User = { readonly uid: number; readonly gid: number };

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
