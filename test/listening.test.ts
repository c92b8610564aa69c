import { test } from 'tap';
import type { App } from '../src/http/app.ts';
import { listen } from '../src/listening.ts';

test('where it cannot listen, the sentence says what to do', async (t) => {
  for (const [code, advice] of [
    [
      'EADDRINUSE',
      /: m; something listens there already: stop it, or choose another port with SALLYPORT_PORT$/,
    ],
    ['EADDRNOTAVAIL', /; this machine has no such address: set SALLYPORT_HOST to /],
    ['ENOTFOUND', /; the name has no address: set SALLYPORT_HOST to /],
    ['EAI_AGAIN', /; the name has no address: set SALLYPORT_HOST to /],
    ['EACCES', /; this user may not have that port: choose one above 1023 with SALLYPORT_PORT$/],
    ['EPROTO', /: m$/],
  ] as const) {
    const app = {
      log: { level: 'info' },
      listen: async () => {
        throw Object.assign(new Error('m'), { code });
      },
    };
    const listening = listen(app as unknown as App, { host: 'h', port: 80 });
    await t.rejects(listening, { message: /^cannot listen on SALLYPORT_HOST h, SALLYPORT_PORT 80: / });
    await t.rejects(listening, { message: advice });
    t.equal(app.log.level, 'info', 'and what comes then is logged as before');
  }
});
