import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { type Test, test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import { INSECURE_HOST, launch, noBrowser } from '../dashboard/browser.ts';

const ENTRY = new URL('../../src/client/index.ts', import.meta.url);

/** What a page does with the client: it asks, follows the log meanwhile, and says what it saw. */
const SCRIPT = `import { Sallyport } from '/client.js';
globalThis.ask = async (url, token) => {
  const client = new Sallyport({ url, token });
  const asked = Promise.withResolvers();
  const answer = client.ask({ action: 'From a page' }, { onAsked: asked.resolve });
  const { id } = await asked.promise;
  globalThis.asked = id;
  const kinds = [];
  for await (const { kind, payload } of client.events({ after: 0 })) {
    if (payload.id !== id) continue;
    kinds.push(kind);
    if (kind === 'approval.resolved') break;
  }
  return { kinds, isSecure: isSecureContext, outcome: (await answer).outcome };
};
globalThis.isLoaded = true;`;

/** A page of another origin than the service's. Returns its port. */
async function servePage(t: Test): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY.pathname],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
  });
  const files: Record<string, [type: string, text: string]> = {
    '/': [
      'text/html',
      '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
    ],
    '/page.js': ['text/javascript', SCRIPT],
    '/client.js': ['text/javascript', String(outputFiles[0]?.text)],
  };
  const server = createServer((request, response) => {
    const [type, text] = files[String(request.url)] as [string, string];
    response.setHeader('Content-Type', type).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

test('a page of another origin asks, waits and follows the log, also where it came over plain HTTP', {
  skip: noBrowser,
}, async (t) => {
  const port = await servePage(t);
  const hosts = ['127.0.0.1', INSECURE_HOST];
  const corsOrigins = hosts.map((host) => `http://${host}:${port}`);
  const service = await startGuarded(t, { corsOrigins });
  const browser = await launch(t);
  for (const [index, origin] of corsOrigins.entries()) {
    const page = await (await browser.newContext()).newPage();
    await page.goto(origin);
    await page.waitForFunction('globalThis.isLoaded');
    const url = service.url.replace('127.0.0.1', String(hosts[index]));
    const answer = page.evaluate(`ask('${url}', '${service.tokens.agent}')`);
    await page.waitForFunction('globalThis.asked');
    const id = await page.evaluate('globalThis.asked');
    await service.as('operator').post(`/approvals/${id}/resolve`, { resolution: 'approve' });
    t.strictSame(await answer, {
      kinds: ['approval.requested', 'approval.resolved'],
      isSecure: index === 0,
      outcome: 'approved',
    });
  }
});
