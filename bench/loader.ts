import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LOADS } from './loads.ts';

type Loads = typeof LOADS;
type Options<K extends keyof Loads> = Parameters<Loads[K]> extends [URL, infer O] ? O : undefined;
type Result<K extends keyof Loads> = Awaited<ReturnType<Loads[K]>> & {
  /** CPU seconds per second that the load program itself took. */
  readonly loadCpu: number;
  readonly seconds: number;
};

/** The load program, as a child. */
export class Loader {
  readonly #child: ChildProcess = fork(fileURLToPath(new URL('./load.ts', import.meta.url)));

  async run<K extends keyof Loads>(name: K, url: string, options: Options<K>): Promise<Result<K>> {
    this.#child.send({ name, url, options });
    const [result] = await once(this.#child, 'message');
    if (result.error !== undefined) {
      throw new Error(`the load '${name}' failed: ${result.error}`);
    }
    return result;
  }

  async stop(): Promise<void> {
    const closed = once(this.#child, 'close');
    this.#child.kill();
    await closed;
  }
}
