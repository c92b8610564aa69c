import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LOADS } from './loads.ts';

type Loads = typeof LOADS;
type Options<K extends keyof Loads> = Parameters<Loads[K]> extends [URL, infer O] ? O : undefined;
type Result<K extends keyof Loads> = Awaited<ReturnType<Loads[K]>> & {
  /** CPU seconds per second that the load program itself took. */
  readonly loadCpu: number;
};

/** The load program, as a child. */
export class Loader {
  readonly #child: ChildProcess = fork(fileURLToPath(new URL('./program.ts', import.meta.url)));

  async run<K extends keyof Loads>(name: K, url: string, options: Options<K>): Promise<Result<K>> {
    this.#child.send({ name, url, options });
    const answered = new AbortController();
    const [result] = await Promise.race([
      once(this.#child, 'message', { signal: answered.signal }),
      once(this.#child, 'exit', { signal: answered.signal }),
    ]).finally(() => answered.abort());
    if (this.#child.exitCode !== null) {
      throw new Error(`the load program ended during '${name}'; what it says is above`);
    }
    if (result.error !== undefined) {
      throw new Error(`the load '${name}' failed: ${result.error}`);
    }
    return result;
  }

  async stop(): Promise<void> {
    if (this.#child.kill()) {
      await once(this.#child, 'close');
    }
  }
}

/** Starts a load program for as long as it is used. */
export async function withLoader<T>(use: (loader: Loader) => Promise<T>): Promise<T> {
  const loader = new Loader();
  try {
    return await use(loader);
  } finally {
    await loader.stop();
  }
}
