import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Test } from 'tap';
import { inTime } from '../in-time.ts';
import { type Exit, SOURCE, UNMEASURED } from '../process/sallyport.ts';

export interface CommandOptions {
  readonly url?: string;
  readonly env?: Record<string, string | undefined>;
  readonly cwd?: string;
  /** All of standard input; without, it stays open. */
  readonly input?: string;
  /** In a pseudo-terminal: what it writes is all in `stdout`, as the terminal gets it. */
  readonly onTerminal?: boolean;
  /** Where its standard output goes instead; with `onTerminal` only. */
  readonly outputFile?: string;
  /** Before the program, for Node. */
  readonly nodeArgs?: readonly string[];
  /** What runs instead of `src/main.ts`. */
  readonly main?: string;
}

/** A command of the client as a process; ended with the test. */
export class Command {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';

  constructor(t: Test, args: readonly string[], options: CommandOptions = {}) {
    const {
      url = 'http://127.0.0.1:1',
      env = {},
      cwd,
      input,
      onTerminal,
      outputFile,
      nodeArgs = [],
      main = SOURCE,
    } = options;
    const words = [...(main === SOURCE ? [] : UNMEASURED), process.execPath, ...nodeArgs, main, ...args];
    const redirected = outputFile === undefined ? '' : ` > ${quoted(outputFile)}`;
    // `script` hands the line to $SHELL, whichever that is. dash stays beside what it runs, takes the Ctrl-C
    // too, and ends with 130 whatever the command says: `exec` puts the command in its place.
    const line = `exec ${words.map(quoted).join(' ')}${redirected}`;
    const [command = '', ...rest] = onTerminal ? ['script', '-qec', line, '/dev/null'] : words;
    this.child = spawn(command, rest, {
      cwd,
      env: { ...process.env, NO_COLOR: '', SALLYPORT_URL: url, ...env },
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.child.stdin?.on('error', () => undefined);
    if (input !== undefined) {
      this.child.stdin?.end(input);
    }
    this.exited = once(this.child, 'close').then(([code, signal]) => {
      const { stdout, stderr } = this;
      return { code, signal, stdout, stderr };
    });
    t.teardown(async () => {
      this.child.kill('SIGKILL');
      await this.exited;
    });
  }

  type(text: string): void {
    this.child.stdin?.write(text);
  }

  /** What it writes matches, now or later; throws if it ends without that, or does not say it in time. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return inTime(this.#says(pattern), () => `${pattern}, but ${this.stdout}${this.stderr}`);
  }

  async #says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
      if (found !== null) {
        return found;
      }
      const { stdout, stderr } = this.child;
      const more = [stdout, stderr].map((stream) => once(stream as NonNullable<typeof stream>, 'data'));
      const ended = this.exited.then((exit) => {
        throw new Error(`it ended and never said ${pattern}: ${JSON.stringify(exit)}`);
      });
      await Promise.race([...more, ended]);
    }
  }
}

/** Runs it to its end. */
export function sallyport(t: Test, args: readonly string[], options: CommandOptions = {}): Promise<Exit> {
  return new Command(t, args, { input: '', ...options }).exited;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
