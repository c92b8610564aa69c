import { MessageChannel } from 'node:worker_threads';
import { serve } from '../../src/journal/sqlite-serve.ts';
import type { Channel, StartThread } from '../../src/journal/sqlite-thread.ts';

/** Runs a thread of the log in this one, where its coverage is counted. */
export const startInThread: StartThread = (start) => {
  const { port1, port2 } = new MessageChannel();
  serve(port2, start);
  return Object.assign(port1, { terminate: () => port1.close() }) as Channel;
};
