import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { inTime } from '../in-time.ts';

export const SOURCE = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
export const BUILT = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

const COMPILED = fileURLToPath(new URL('../../.tap/compiled', import.meta.url));

/**
 * Before a command: the test runner measures the source alone. It puts its own settings into the environment of every
 * child, so they have to be taken out by the child. What Node.js has compiled is kept for the next of them, which the
 * measured ones cannot use: they would not count branches then.
 */
export const UNMEASURED = [
  'env',
  '-u',
  'NODE_OPTIONS',
  '-u',
  'NODE_V8_COVERAGE',
  `NODE_COMPILE_CACHE=${COMPILED}`,
];

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  /** `SOURCE` or `BUILT`. */
  readonly main?: string;
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  /** What runs Node, with its arguments before Node's own: a tracer, a terminal. */
  readonly through?: readonly string[];
  readonly nodeArgs?: readonly string[];
  readonly cwd?: string;
}

/** Sallyport as a process of its own; ended with the test. */
export class Sallyport {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  #stdout = '';
  #stderr = '';

  constructor(
    t: Test,
    { main = SOURCE, args = [], env = {}, through = [], nodeArgs = [], cwd }: StartOptions,
  ) {
    const [command = '', ...rest] = [
      ...(main === BUILT ? UNMEASURED : []),
      ...through,
      process.execPath,
      ...nodeArgs,
      main,
      ...args,
    ];
    this.child = spawn(command, rest, {
      cwd: cwd ?? t.testdir({}),
      env: { ...process.env, ...env },
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.exited = once(this.child, 'close').then(([code, signal]) => ({
      code,
      signal,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
    t.teardown(async () => {
      this.child.kill('SIGKILL');
      await this.exited;
    });
  }

  /** The first line of its output that matches, now or later; throws if it ends without one, or does not say it in time. */
  line(pattern: RegExp): Promise<RegExpExecArray> {
    return inTime(this.#line(pattern), () => `${pattern}, but ${this.#stdout}${this.#stderr}`);
  }

  async #line(pattern: RegExp): Promise<RegExpExecArray> {
    const stdout = this.child.stdout as NonNullable<ChildProcess['stdout']>;
    for (;;) {
      const found = pattern.exec(this.#stdout);
      if (found !== null) {
        return found;
      }
      await Promise.race([once(stdout, 'data'), this.exited.then((exit) => this.#missing(pattern, exit))]);
    }
  }

  /** Where it listens. */
  async url(): Promise<string> {
    return (await this.line(/is up: (https?:\/\/[^\s]+)/))[1] as string;
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    this.child.kill(signal);
    return this.exited;
  }

  #missing(pattern: RegExp, { code, stdout, stderr }: Exit): never {
    throw new Error(`it ended with ${code} and never said ${pattern}: ${stdout}${stderr}`);
  }
}
