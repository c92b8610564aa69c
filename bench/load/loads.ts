import { create, cycle, decision } from './approvals.ts';
import { openStreams, publish, publishOneByOne, steady } from './streams.ts';
import { crowded, park, wake } from './waits.ts';

/** What the load program can be asked for. */
export const LOADS = {
  openStreams,
  publish,
  publishOneByOne,
  steady,
  create,
  cycle,
  decision,
  park,
  wake,
  crowded,
};
