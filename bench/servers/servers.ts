import { rmSync } from 'node:fs';
import type { StreamServer } from '../load/streams.ts';
import { makeFolder } from './folder.ts';
import { Measured } from './measured.ts';

/** A server that streams, and how the load program talks to it. */
export interface Streaming extends StreamServer {
  readonly name: string;
  readonly start: () => Promise<Measured>;
}

/** Sallyport as it is built, on a log of its own. */
export function startSallyport(): Promise<Measured> {
  const folder = makeFolder();
  return startSallyportOn(`sqlite:${folder}/log.db`, () => rmSync(folder, { recursive: true }));
}

/** On a log that is there; it stays there. One session asks for all that a load asks for, more than one usually may. */
export function startSallyportOn(store: string, cleanUp?: () => void): Promise<Measured> {
  const limits = ['--max-pending=10000000', '--max-pending-per-session=10000000'];
  return Measured.node('../dist/main.js', ['--port', '0', '--store', store, ...limits], cleanUp);
}

export function startBareFastify(): Promise<Measured> {
  return Measured.node('baselines/fastify.ts', []);
}

export const BARE_FASTIFY = 'bare Fastify, in memory';

export const SALLYPORT: Streaming = {
  name: 'Sallyport',
  start: startSallyport,
  streamPath: '/events/stream',
  publishPath: '/events',
  opening: 'event: hello',
  textLength: 168,
};

export const BARE_HTTP: Streaming = {
  name: 'bare node:http, a write per event',
  start: () => Measured.node('baselines/http.ts', []),
  streamPath: '/events/stream',
  publishPath: '/events',
  opening: 'retry: ',
  textLength: 310,
};

/** What streams with approvals. */
export const BARE_FASTIFY_STREAMS: Streaming = {
  ...BARE_HTTP,
  name: BARE_FASTIFY,
  start: startBareFastify,
};

/** The plugin that Sallyport opens its streams with, alone. */
export const BARE_PLUGIN: Streaming = {
  ...BARE_HTTP,
  name: 'bare Fastify with fastify-sse-v2',
  start: () => Measured.node('baselines/plugin.ts', []),
  opening: ':ok',
};
