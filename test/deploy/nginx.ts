import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Test } from 'tap';
import { freePort, ordinaryUser } from '../postgres-server.ts';

const CONFIGURATION = new URL('../../deploy/nginx.conf', import.meta.url);

const program = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
  .map((folder) => join(folder, 'nginx'))
  .find(existsSync);

/** Why there is no nginx here; false: there is. */
export const noNginx: string | false =
  program === undefined ? 'needs nginx (Debian: apt-get install nginx)' : false;

/** The balancer of `deploy/nginx.conf` before three nodes on these ports of this machine: its URL. Ended with the test. */
export async function startNginx(t: Test, nodes: readonly number[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-nginx-'));
  const user = ordinaryUser();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  const text = readFileSync(CONFIGURATION, 'utf8')
    .replaceAll(/node-(\d):7420/g, (_, number) => `127.0.0.1:${nodes[Number(number) - 1]}`)
    .replace('listen 7420', `listen 127.0.0.1:${port}`)
    .replaceAll('/tmp/', `${folder}/`);
  writeFileSync(file, text, { mode: 0o644 });
  const args = ['-e', 'stderr', '-p', folder, '-c', file, '-g', 'daemon off;'];
  const child = spawn(program as string, args, { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    log += part;
  });
  t.teardown(async () => {
    const exited = once(child, 'exit');
    if (child.kill('SIGTERM')) await exited;
    rmSync(folder, { recursive: true, force: true });
  });
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`nginx has not started: ${log}`);
  }
  return `http://127.0.0.1:${port}`;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
