import { mkdirSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TMPFS = 0x01021994;
/** Git does not look into it. */
const ON_DISK = fileURLToPath(new URL('../../data', import.meta.url));

/** A folder on a disk: what is durable has to cost what it costs. */
export function makeFolder(): string {
  let parent = tmpdir();
  if (statfsSync(parent).type === TMPFS) {
    mkdirSync(ON_DISK, { recursive: true });
    parent = ON_DISK;
  }
  return mkdtempSync(join(parent, 'sallyport-bench-'));
}
