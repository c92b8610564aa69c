import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import type { ClusterNode } from './cluster-node.ts';
import type { Fault } from './history.ts';
import type { FaultName, PlannedFault } from './schedule.ts';

/** Something that is held by a network with traffic comes soon. */
const HELD_WITHIN_MS = 1000;

/**
 * Does each at its time, or when the one before on the same node is over; resolves when the last is over and what it broke
 * runs again. `done` gets them as they begin.
 */
export async function inflictAll(
  planned: readonly PlannedFault[],
  cluster: Cluster,
  done: Fault[],
): Promise<void> {
  const began = performance.now();
  const lanes = Map.groupBy(planned, ({ node }) => node);
  await Promise.all(
    [...lanes.values()].map(async (lane) => {
      for (const one of lane) {
        await sleep(Math.max(0, began + one.atMs - performance.now()));
        const fault = {
          fault: one.fault,
          node: one.node,
          begunAt: Date.now(),
          endedAt: Number.POSITIVE_INFINITY,
        };
        done.push(fault);
        await inflict(one, cluster);
        fault.endedAt = Date.now();
      }
    }),
  );
}

async function inflict({ fault, node, forMs }: PlannedFault, cluster: Cluster): Promise<void> {
  if (node !== null) await NODE_FAULTS[fault]?.(cluster.node(node), forMs);
  else await cluster.server.restart?.(fault.endsWith('fast') ? 'fast' : 'immediate');
}

const NODE_FAULTS: Partial<Record<FaultName, (node: ClusterNode, forMs: number) => Promise<void>>> = {
  'connections cut': async ({ proxy }) => proxy.cut(),

  'requests held, cut and delivered late': async ({ proxy }, forMs) => {
    const held = proxy.held();
    proxy.holdsRequests = true;
    await Promise.race([held, sleep(HELD_WITHIN_MS)]);
    proxy.holdsRequests = false;
    proxy.cut();
    await sleep(forMs);
    proxy.deliver();
  },

  'answers lost, then cut': async ({ proxy }, forMs) => {
    proxy.losesAnswers = true;
    await sleep(forMs);
    proxy.losesAnswers = false;
    proxy.cut();
  },

  'network refused': async ({ proxy }, forMs) => {
    proxy.refuses = true;
    proxy.cut();
    await sleep(forMs);
    proxy.refuses = false;
  },

  'network silent': async ({ proxy }, forMs) => {
    proxy.holdsRequests = true;
    proxy.losesAnswers = true;
    await sleep(forMs);
    proxy.holdsRequests = false;
    proxy.losesAnswers = false;
    proxy.cut();
    proxy.deliver();
  },

  'node stopped': async (node, forMs) => {
    node.pause();
    await sleep(forMs);
    node.resume();
  },

  'node killed': async (node, forMs) => {
    await node.kill();
    await sleep(forMs);
    await node.start();
  },

  'node drained': async (node, forMs) => {
    await node.drain();
    await sleep(forMs);
    await node.start();
  },

  'clock jumped': async (node) => node.jumpClock(),
};
