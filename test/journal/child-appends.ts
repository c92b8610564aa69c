import { writeSync } from 'node:fs';
import { openSqlite } from '../../src/journal/sqlite.ts';
import { agent, notification, seqOf } from './changes.ts';
import { CONTRACT_DEFAULTS } from './contract.ts';

/** Appends for ever and writes every number that was acknowledged, until it is killed. */
const [path = ''] = process.argv.slice(2);
const onFatal = (error: Error) => {
  throw error;
};
const journal = await openSqlite(path, { ...CONTRACT_DEFAULTS, onFatal });
for (let worker = 0; worker < 20; worker += 1) void appendForEver(`worker-${worker}`);

async function appendForEver(id: string): Promise<void> {
  for (let version = 0; ; ) {
    version = seqOf(await journal.append(agent(id, version, { version })));
    const other = seqOf(await journal.append(notification({ payload: 'x'.repeat(500) })));
    writeSync(1, `${version}\n${other}\n`);
  }
}
