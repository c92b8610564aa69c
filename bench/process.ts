import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A child process whose cost is read from the system. */
export class Measured {
  readonly child: ChildProcess;
  readonly url: string;
  readonly #pid: number;

  private constructor(child: ChildProcess, url: string, pid: number) {
    this.child = child;
    this.url = url;
    this.#pid = pid;
  }

  /** Starts a Node program that prints its URL in its first lines. */
  static async node(
    file: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<Measured> {
    const path = fileURLToPath(new URL(file, import.meta.url));
    const child = spawn(process.execPath, [path, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await urlPrintedBy(child);
    return new Measured(child, url, child.pid as number);
  }

  /** CPU seconds so far, of all its threads. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
  }

  /** Memory that is its own or shared, in bytes. */
  rssBytes(): number {
    const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.#pid}/status`, 'utf8')) ?? [];
    return Number(kib) * 1024;
  }

  async stop(): Promise<void> {
    const closed = once(this.child, 'close');
    this.child.kill('SIGTERM');
    await closed;
  }
}

const CLOCK_TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

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
