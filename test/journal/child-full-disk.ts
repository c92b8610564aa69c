import { unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StorageUnavailable } from '../../src/host/journal.ts';
import { openSqlite } from '../../src/journal/sqlite.ts';
import { notification } from './changes.ts';
import { CONTRACT_DEFAULTS } from './contract.ts';

/** Fills the disk that `folder` is on, makes room, and writes as JSON what it saw. */
const [folder = ''] = process.argv.slice(2);
const filler = join(folder, 'filler');
writeFileSync(filler, Buffer.alloc(1_500_000));
const onFatal = (error: Error) => {
  throw error;
};
const journal = await openSqlite(join(folder, 'log.db'), { ...CONTRACT_DEFAULTS, onFatal });

let appended = 0;
let refused: unknown;
while (refused === undefined) {
  try {
    await journal.append(notification({ payload: 'x'.repeat(50_000) }));
    appended += 1;
  } catch (error) {
    refused = error;
  }
}
const problem = journal.problem();
const query = { after: 0, before: null, order: 'desc', limit: 1, kinds: [], agentId: null } as const;
const [newest] = (await journal.events(query)).events;
unlinkSync(filler);
const next = await journal.append(notification());
const after = { problemAfter: journal.problem(), next, unavailable: refused instanceof StorageUnavailable };
await journal.close();
process.stdout.write(JSON.stringify({ appended, problem, newest: newest?.seq, ...after }));
