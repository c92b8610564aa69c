import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { makeHistory } from '../history.ts';
import { repeat } from '../repeat.ts';
import { type Row, rowOf } from '../row.ts';
import type { Scale } from '../scale.ts';
import { makeFolder } from '../servers/folder.ts';
import { type Measured, withServer } from '../servers/measured.ts';
import { BARE_FASTIFY, startBareFastify, startSallyportOn } from '../servers/servers.ts';

/** How soon it is there again after years of use, and with how much memory. */
export async function start(scale: Scale): Promise<Row[]> {
  const { resolved, pending } = scale.history;
  const folder = makeFolder();
  const path = join(folder, 'log.db');
  try {
    makeHistory(path, resolved, pending);
    const runs = await repeat(Math.max(3, scale.repeats), async () => ({
      ours: await startRun(() => startSallyportOn(`sqlite:${path}`), '/health/ready'),
      fastify: await startRun(startBareFastify, '/health/live'),
      node: { value: await emptyNodeMs() },
    }));
    const work = `start with ${resolved.toLocaleString('en')} resolved approvals and ${pending.toLocaleString('en')} pending`;
    const bytes = (rss: number) => ({ value: rss / 2 ** 20 });
    return [
      rowOf(
        { work: `${work}, until ready`, unit: 'ms', goal: { value: 1000 } },
        runs.map(({ ours }) => ({ value: ours.ms })),
        {
          [BARE_FASTIFY]: runs.map(({ fastify }) => ({ value: fastify.ms })),
          '`node -e 0`': runs.map(({ node }) => node),
        },
      ),
      rowOf(
        { work: `${work}: RSS then`, unit: 'MiB', goal: { value: 250 } },
        runs.map(({ ours }) => bytes(ours.rss)),
        { [BARE_FASTIFY]: runs.map(({ fastify }) => bytes(fastify.rss)) },
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** From starting the process until it answers 200. */
async function startRun(run: () => Promise<Measured>, readyPath: string) {
  const started = performance.now();
  return withServer(run, async (server) => {
    while ((await statusOf(`${server.url}${readyPath}`)) !== 200) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return { ms: performance.now() - started, rss: server.rssBytes() };
  });
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.status;
}

async function emptyNodeMs(): Promise<number> {
  const started = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - started;
}
