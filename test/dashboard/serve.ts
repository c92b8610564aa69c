import { pino } from 'pino';
import { type Config, readConfig } from '../../src/config.ts';
import { startService } from '../../src/service.ts';

/** A process that serves the dashboard of a folder, to be killed: `serve.ts STORE PORT FOLDER`. */

const [store = '', port = '0', dashboard = ''] = process.argv.slice(2);
const { run } = readConfig(['--store', store, '--port', port], {}, 'test') as { run: Config };
const log = pino({ level: 'silent' });
const { url } = await startService({
  config: run,
  version: 'test',
  dashboard,
  log,
  onFatal: (error) => {
    throw error;
  },
});
process.stdout.write(`is up: ${url}\n`);
