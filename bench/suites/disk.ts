import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Quantiles, quantiles } from '../figures.ts';
import { makeFolder } from '../servers/folder.ts';

/** How long this disk takes to have 4 KiB for good, in milliseconds: nothing that is durable is answered sooner. */
export function syncTimes(rounds: number): Quantiles {
  const folder = makeFolder();
  const file = openSync(join(folder, 'sync'), 'w');
  const block = Buffer.alloc(4096, 'x');
  const times = Array.from({ length: rounds }, () => {
    const started = performance.now();
    writeSync(file, block);
    fdatasyncSync(file);
    return performance.now() - started;
  });
  closeSync(file);
  rmSync(folder, { recursive: true });
  return quantiles(times);
}
