import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { SOURCE, UNMEASURED } from '../process/sallyport.ts';
import type { TcpProxy } from '../tcp-proxy.ts';
import type { Stop } from './history.ts';

const WRONG_CLOCK = new URL('./wrong-clock.ts', import.meta.url).href;
const READY_MS = 90_000;
const LAST_WORDS = 4000;
/** A node that was told to stop and has not by then is killed. */
const DRAIN_MS = 20_000;

/**
 * A shell stands between, which ends the node when the process of the test ends in whatever way, even if the node is
 * stopped. It says the node's process id first.
 */
const KEEPER = `trap '' INT TERM HUP
exec 3<&0
"$@" 3<&- & node=$!
{ read -r _ <&3; kill -KILL "$node"; } & watcher=$!
echo "$node"
wait "$node"; code=$?
kill -KILL "$watcher"
exit "$code"`;

export interface NodeOptions {
  readonly index: number;
  readonly port: number;
  /** The log's, by way of the proxy. */
  readonly store: string;
  readonly proxy: TcpProxy;
  /** By how much its clock is wrong, in milliseconds: now, after the first jump, and so on. */
  readonly clockShiftsMs: readonly number[];
  /** So many of the newest events it keeps. */
  readonly retainEvents: number;
}

/** One node of a cluster: a process of its own, with its own way to the database. */
export class ClusterNode {
  readonly url: string;
  readonly proxy: TcpProxy;
  /** Its last words, each time that it ended and nobody had killed it. */
  readonly deaths: string[] = [];
  readonly stops: Stop[] = [];
  readonly #options: NodeOptions;
  #keeper: ChildProcess | undefined;
  #pid = 0;
  #output = '';
  #isMeantToRun = false;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.url = `http://127.0.0.1:${options.port}`;
    this.proxy = options.proxy;
  }

  /** Starts it, again if it ends because the database is away; resolves when it is ready. */
  async start(): Promise<void> {
    const deadline = performance.now() + READY_MS;
    const lastWords: string[] = [];
    while (performance.now() < deadline) {
      const { exited } = await this.#spawn();
      const ready = this.untilReady(200, deadline).catch((error: Error) => {
        throw new Error(`${error.message}, after starts that ended with ${lastWords.join('; ')}`);
      });
      ready.catch(() => {});
      const first = await Promise.race([
        ready.then(() => 'ready' as const),
        exited.then(() => 'exited' as const),
      ]);
      if (first === 'ready') {
        this.#isMeantToRun = true;
        return;
      }
      lastWords.push(this.#output);
      await sleep(100);
    }
    throw new Error(
      `node ${this.#options.index} is not ready after ${READY_MS} ms; its starts ended with ${lastWords.join('; ')}`,
    );
  }

  /** Until `/health/ready` answers with this status. */
  async untilReady(status = 200, deadline = performance.now() + READY_MS): Promise<void> {
    let answered = '';
    while (performance.now() < deadline) {
      const signal = AbortSignal.timeout(1000);
      const response = await fetch(`${this.url}/health/ready`, { signal }).catch(() => null);
      answered = `${response?.status} ${await response?.text().catch(() => '')}`;
      if (response?.status === status) return;
      await sleep(10);
    }
    const { index } = this.#options;
    throw new Error(
      `node ${index}, asked whether it is ready, answers ${answered} and not ${status}: ${this.#output}`,
    );
  }

  /** Starts it if it has ended by itself, which `deaths` tells; resolves when it is ready. */
  async untilRuns(): Promise<void> {
    if (this.#hasEnded) await this.start();
    else await this.untilReady();
  }

  pause(): void {
    this.#signal('SIGSTOP');
  }

  resume(): void {
    this.#signal('SIGCONT');
  }

  jumpClock(): void {
    this.#signal('SIGUSR2');
  }

  /** As a supervisor stops it. */
  async drain(): Promise<void> {
    if (this.#hasEnded) return;
    this.#isMeantToRun = false;
    const began = performance.now();
    const exited = once(this.#keeper as ChildProcess, 'exit');
    this.#signal('SIGTERM');
    const late = setTimeout(() => this.#keeper?.stdin?.end(), DRAIN_MS);
    const [code] = (await exited) as [number | null];
    clearTimeout(late);
    const tookMs = performance.now() - began;
    this.stops.push({ node: this.#options.index, tookMs, code, lastWords: this.#output });
  }

  async kill(): Promise<void> {
    this.#isMeantToRun = false;
    if (this.#hasEnded) return;
    const keeper = this.#keeper as ChildProcess;
    keeper.stdin?.end();
    await once(keeper, 'exit');
  }

  get #hasEnded(): boolean {
    return this.#keeper === undefined || this.#keeper.exitCode !== null;
  }

  /** One that has ended by itself gets none: that is for the checker to tell. */
  #signal(signal: NodeJS.Signals): void {
    if (!this.#hasEnded) process.kill(this.#pid, signal);
  }

  /** `exited` is settled when it has ended. */
  async #spawn(): Promise<{ exited: Promise<void> }> {
    const { port, store, clockShiftsMs, retainEvents, index } = this.#options;
    this.#output = '';
    const node = [...UNMEASURED, process.execPath, '--import', WRONG_CLOCK, SOURCE];
    const args = ['--port', `${port}`, '--store', store, '--retain-events', `${retainEvents}`];
    const keeper = spawn('sh', ['-c', KEEPER, 'sh', ...node, ...args], {
      env: { ...process.env, CHAOS_CLOCK_SHIFTS_MS: clockShiftsMs.join(',') },
    });
    this.#keeper = keeper;
    keeper.stdin.on('error', () => {});
    for (const stream of [keeper.stdout, keeper.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-LAST_WORDS);
      });
    }
    const exited = once(keeper, 'exit').then(() => {
      if (this.#isMeantToRun) this.deaths.push(`node ${index} ended by itself: ${this.#output}`);
      this.#isMeantToRun = false;
    });
    await once(keeper.stdout, 'data');
    this.#pid = Number.parseInt(this.#output, 10);
    return { exited };
  }
}
