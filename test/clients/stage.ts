import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of a scenario. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has printed so far. */
  readonly stdout: string;
}

/** Where one scenario plays: folders of its own, and everything that it opens is closed with it. */
export class Stage {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sallyport-client-'));
  readonly #cleanups: (() => Promise<void> | void)[] = [
    () => rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 }),
  ];

  folder(name: string): string {
    const folder = join(this.#folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Run at the end of the scenario, the last one first. */
  defer(cleanup: () => Promise<void> | void): void {
    this.#cleanups.push(cleanup);
  }

  /** Starts a process in a group of its own, which goes as a whole at the end. It gets this environment and no other. */
  spawn(
    command: readonly string[],
    cwd: string,
    env: Record<string, string>,
    { stdin = 'ignore' }: { readonly stdin?: 'ignore' | 'pipe' } = {},
  ): Running {
    const [file = '', ...args] = command;
    const child = spawn(file, args, { cwd, env, detached: true, stdio: [stdin, 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
      });
    }
    const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...output }));
    this.defer(async () => {
      killGroup(child);
      await ended;
    });
    return {
      child,
      ended,
      get stdout() {
        return output.stdout;
      },
    };
  }

  async close(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).reverse()) await cleanup();
  }
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // All of it has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
