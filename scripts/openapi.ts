import { readFileSync, writeFileSync } from 'node:fs';
import { pino } from 'pino';
import { type Config, readConfig } from '../src/config.ts';
import { startService } from '../src/service.ts';

/** Writes `openapi.yaml`: the document that the service serves. */

const file = new URL('../openapi.yaml', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const { run: config } = readConfig(['--store', 'memory:', '--port', '0'], {}, version) as { run: Config };

const service = await startService({
  config,
  version,
  log: pino({ level: 'error' }),
  onFatal: (error) => {
    throw error;
  },
});
const response = await fetch(`${service.url}/openapi.yaml`);
writeFileSync(file, await response.text());
await service.stop();
