import { readFileSync, writeFileSync } from 'node:fs';
import { pino } from 'pino';
import { Host } from '../src/host/host.ts';
import { Metrics } from '../src/http/metrics.ts';
import { buildServer } from '../src/http/server.ts';
import { MemoryJournal } from '../src/journal/memory.ts';
import { Hub } from '../src/streams/hub.ts';

/** Writes `openapi.yaml`: the document that the service serves, from a server that never listens. */

const file = new URL('../openapi.yaml', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const journal = new MemoryJournal({
  retainEvents: 500,
  retainApprovalsDays: 1,
  onFatal: (error) => {
    throw error;
  },
});
const reportError = console.error;
const host = await Host.open(journal, {
  clock: Date.now,
  defaultExpiresMs: null,
  recentBytes: 65_536,
  reportError,
});
const hub = new Hub(host, {
  maxAgeMs: 600_000,
  maxStreams: 1,
  clock: Date.now,
  monotonic: () => performance.now(),
  reportError,
});
const app = await buildServer({
  host,
  hub,
  metrics: new Metrics(),
  log: pino({ level: 'silent' }),
  version,
  maxBodyBytes: 262_144,
  maxWaits: 1,
});
await app.ready();
writeFileSync(file, app.swagger({ yaml: true }));
await host.stop();
hub.stop();
await app.close();
await journal.close();
