import { create, cycle, decision } from './approvals.ts';
import { openStreams, publish, steady } from './streams.ts';
import { crowded, park, wake } from './waits.ts';

/** What the load program can be asked for. */
export const LOADS = { openStreams, publish, steady, create, cycle, decision, park, wake, crowded };
