import { test } from 'tap';
import { Sallyport, UNMEASURED } from './sallyport.ts';

const APPROVALS = 4000;
const PARALLEL = 50;
/** Twice what it grows to by itself. */
const YOUNG_BYTES = 32 * 1024 * 1024;

async function youngGeneration(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^nodejs_heap_space_size_total_bytes\{space="new"\} (\d+)$/m.exec(metrics)?.[1]);
}

async function create(url: string): Promise<void> {
  const response = await fetch(`${url}/approvals`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Session-Id': 'test' },
    body: JSON.stringify({ action: 'test', details: Array.from({ length: 2000 }, (_, index) => index) }),
  });
  await response.arrayBuffer();
}

test('the young generation stays small, however much comes that stays', async (t) => {
  const sallyport = new Sallyport(t, { args: ['--port', '0'], through: UNMEASURED });
  const url = await sallyport.url();
  for (let made = 0; made < APPROVALS; made += PARALLEL) {
    await Promise.all(Array.from({ length: PARALLEL }, () => create(url)));
  }
  const bytes = await youngGeneration(url);
  t.ok(bytes > 0 && bytes <= YOUNG_BYTES, `it is of ${bytes} bytes`);
});
