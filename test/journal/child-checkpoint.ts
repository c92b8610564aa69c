import { statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteLog } from '../../src/journal/sqlite-log.ts';
import { notification } from './changes.ts';
import { CONTRACT_DEFAULTS } from './contract.ts';

/**
 * Writes, and brings the write-ahead log into the file, until one of them fails, because the process may not make a
 * file any longer or the disk is full; then makes room and goes on. Writes as JSON what it saw.
 */
const [folder = '', fillerBytes = '0'] = process.argv.slice(2);
const filler = join(folder, 'filler');
writeFileSync(filler, Buffer.alloc(Number(fillerBytes)));
const path = join(folder, 'log.db');
const log = new SqliteLog(path, CONTRACT_DEFAULTS);

const failed = run();
const fileBytes = statSync(path).size;
unlinkSync(filler);
const next = run(1);
const seen = { ...failed, next, hasGrown: statSync(path).size > fileBytes };
process.stdout.write(JSON.stringify(seen), () => process.exit());

function run(
  rounds = Number.POSITIVE_INFINITY,
): { during: string; name: string; message: string } | undefined {
  let during = '';
  try {
    for (let round = 0; round < rounds; round++) {
      during = 'commit';
      log.commit([notification({ payload: 'x'.repeat(10_000) })], 0);
      during = 'checkpoint';
      log.checkpoint();
    }
  } catch (error) {
    const { name, message } = error as Error;
    return { during, name, message };
  }
  return undefined;
}
