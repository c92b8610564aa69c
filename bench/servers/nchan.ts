import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { makeFolder } from './folder.ts';
import { Measured } from './measured.ts';
import type { Streaming } from './servers.ts';

const CONFIGURATION = new URL('../nchan.conf', import.meta.url);
const MODULES = ['/usr/lib/nginx/modules', '/usr/lib64/nginx/modules'];
/** nginx is often not in the path of ordinary users. */
const COMMAND_FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];

export const NCHAN_MISSING =
  'nginx with nchan is not installed, so nothing is compared with it; on Debian: apt-get install nginx-light libnginx-mod-nchan';

const command = COMMAND_FOLDERS.map((folder) => join(folder, 'nginx')).find(existsSync);
const module = MODULES.map((folder) => join(folder, 'ngx_nchan_module.so')).find(existsSync);

export function isNchanInstalled(): boolean {
  return command !== undefined && module !== undefined;
}

export const NCHAN: Streaming = {
  name: 'nginx with nchan',
  start: startNchan,
  streamPath: '/subscribe',
  publishPath: '/publish',
  opening: ': hi',
  textLength: 328,
};

async function startNchan(): Promise<Measured> {
  const folder = makeFolder();
  const port = await freePort();
  const configuration = readFileSync(CONFIGURATION, 'utf8')
    .replace(/^load_module MODULE/m, `load_module ${module}`)
    .replace(/^( +listen .*):PORT/m, `$1:${port}`);
  writeFileSync(join(folder, 'nginx.conf'), configuration);
  const child = spawn(command as string, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const worker = await workerOf(child);
  return new Measured(child, `http://127.0.0.1:${port}`, [child.pid as number, worker], () =>
    rmSync(folder, { recursive: true }),
  );
}

/** When it is there nginx listens. */
async function workerOf({ pid, exitCode }: ChildProcess): Promise<number> {
  for (let tries = 0; tries < 500 && exitCode === null; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    const worker = Number.parseInt(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'), 10);
    if (worker > 0) {
      return worker;
    }
  }
  throw new Error('nginx did not start; what it says is above');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
