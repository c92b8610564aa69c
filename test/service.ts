import { join } from 'node:path';
import { pino } from 'pino';
import type { Test } from 'tap';
import { type Config, readConfig } from '../src/config.ts';
import { type Service, startService } from '../src/service.ts';
import { Client } from './client.ts';
import { EventStream } from './event-stream.ts';

export interface Overrides extends Partial<Config> {
  /** The token that `client` sends, where credentials are needed; none unless given. */
  readonly credential?: string;
  /** The folder of the built dashboard; there is none unless given. */
  readonly dashboard?: string;
}

/** Clocks that a test turns by hand. Both run on by themselves as well. */
export class Clocks {
  #wallOffsetMs = 0;
  #monotonicOffsetMs = 0;

  readonly wall = (): number => Date.now() + this.#wallOffsetMs;
  readonly monotonic = (): number => performance.now() + this.#monotonicOffsetMs;

  /** Time passes, on both. */
  pass(ms: number): void {
    this.jump(ms);
    this.#monotonicOffsetMs += ms;
  }

  /** Someone sets the wall clock. */
  jump(ms: number): void {
    this.#wallOffsetMs += ms;
  }
}

export interface Started extends Service {
  readonly client: Client;
  readonly clocks: Clocks;
  readonly config: Config;
  /** What was logged, parsed. */
  readonly logged: Record<string, unknown>[];
  /** Opens an event stream; it is closed with the test. */
  stream(path?: string, headers?: Record<string, string>): Promise<EventStream>;
}

/** What a test sees does not depend on whether somebody has built it. */
const NO_DASHBOARD = '/nowhere';

/**
 * The whole service over real sockets on a free port, with a log of its own: in a file, unless `config.store` says
 * otherwise. Every answer that `client` gets is checked against the OpenAPI document. Stopped with the test.
 */
export async function start(
  t: Test,
  { credential, dashboard = NO_DASHBOARD, ...overrides }: Overrides = {},
  clocks = new Clocks(),
): Promise<Started> {
  const read = readConfig([], {}, 'test') as { run: Config };
  const store = overrides.store ?? `sqlite:${join(t.testdir({}), 'log.db')}`;
  const config: Config = { ...read.run, port: 0, ...overrides, store };
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const service = await startService({
    config,
    version: 'test',
    dashboard,
    log,
    onFatal: (error) => t.fail(error.message),
    clock: clocks.wall,
    monotonic: clocks.monotonic,
  });
  const client = await Client.of(service.url, credential);
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= service.stop().finally(() => client.close());
    return stopping;
  };
  t.teardown(stop);
  const stream = async (path = '/events/stream', headers: Record<string, string> = {}) => {
    const opened = await EventStream.open(service.url + path, headers);
    t.teardown(() => opened.close());
    return opened;
  };
  const { url, credentials } = service;
  return { url, credentials, stop, client, clocks, config, logged, stream };
}
