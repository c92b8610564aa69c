import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sum } from '../figures.ts';

/** A server in a child process, whose cost is read from the system. */
export class Measured {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #pids: readonly number[];
  readonly #cleanUp: () => void;

  /** `pids`: of all the processes that count. `cleanUp`: after it has ended. */
  constructor(
    child: ChildProcess,
    url: string,
    pids: readonly number[],
    cleanUp: () => void = () => undefined,
  ) {
    this.#child = child;
    this.url = url;
    this.#pids = pids;
    this.#cleanUp = cleanUp;
  }

  /** Starts a Node program, its file relative to `bench/`, that prints its URL in its first lines. */
  static async node(file: string, args: readonly string[], cleanUp?: () => void): Promise<Measured> {
    const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
    const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await urlPrintedBy(child);
    return new Measured(child, url, [child.pid as number], cleanUp);
  }

  /** CPU seconds so far, of all its threads. */
  cpuSeconds(): number {
    return sum(this.#pids.map(cpuTicks)) / TICKS_PER_SECOND;
  }

  /** Memory that is its own or shared, in bytes. */
  rssBytes(): number {
    return sum(this.#pids.map(rssOf));
  }

  async stop(): Promise<void> {
    if (this.#child.kill('SIGTERM')) {
      await once(this.#child, 'close');
    }
    this.#cleanUp();
  }
}

/** Starts a server for as long as it is used. */
export async function withServer<T>(
  start: () => Promise<Measured>,
  use: (server: Measured) => Promise<T>,
): Promise<T> {
  const server = await start();
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

function rssOf(pid: number): number {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
}

async function urlPrintedBy(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += chunk;
    const url = /(?:is up: |listening )(http:\/\/[^\s"]+)/.exec(text)?.[1];
    if (url !== undefined) {
      child.stdout?.resume();
      return url;
    }
  }
  throw new Error(`the server ended without saying where it listens: ${text}`);
}
