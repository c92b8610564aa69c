import { setTimeout } from 'node:timers/promises';
import { test } from 'tap';
import { startOver, TestJournal } from '../http/parts.ts';
import { start } from '../service.ts';
import { dial, messages, notify, SOON_MS } from './wire.ts';

const SENDERS = 200;
/** A byte of each comes this often: the requests would take minutes. */
const DRIP_MS = 20;
const DRIPS = 10;

/** Where the senders become slow, and what had come before. */
const SLOW = {
  'in the request line': '',
  'in the headers': 'POST /events HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
  'in the body': notify('x'.repeat(1000)).slice(0, -900),
  'in a chunk':
    'POST /events HTTP/1.1\r\nHost: localhost\r\nX-Session-Id: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n',
};

for (const [where, before] of Object.entries(SLOW)) {
  test(`those who are slow ${where} slow nobody down, and change nothing when they leave`, async (t) => {
    const started = await start(t, { store: 'memory:' });
    // The client makes its check of the answer with the first one, which takes longer than the answer.
    await started.client.post('/events', { message: 'quick' });
    const senders = Array.from({ length: SENDERS }, () => dial(t, started.url));
    for (const sender of senders) {
      sender.send(before);
    }
    let slowest = 0;
    for (let drip = 0; drip < DRIPS; drip++) {
      for (const sender of senders) {
        sender.socket.write('x');
      }
      const began = performance.now();
      t.equal((await started.client.post('/events', { message: 'quick' })).status, 201);
      slowest = Math.max(slowest, performance.now() - began);
      await setTimeout(DRIP_MS);
    }
    t.ok(slowest < 500, `the slowest of the others took ${slowest.toFixed(1)} ms`);
    const answered = senders.filter(({ reader }) => reader.answers.some(({ status }) => status < 400));
    t.strictSame(answered, [], 'none of the slow ones was carried out');
    for (const sender of senders) {
      sender.socket.end();
    }
    for (const sender of senders) {
      t.equal(await sender.until(() => false, SOON_MS), 'closed');
    }
    t.strictSame(await messages(started), Array(1 + DRIPS).fill('quick'));
  });
}

test('a request has half a minute to arrive, headers and body', async (t) => {
  const { app } = await startOver(t, new TestJournal());
  t.equal(app.server.requestTimeout, 30_000);
  t.ok(app.server.headersTimeout > 0 && app.server.headersTimeout <= 60_000, `${app.server.headersTimeout}`);
});
