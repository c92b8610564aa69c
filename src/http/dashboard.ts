import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from './app.ts';
import { handleNotFound } from './errors.ts';
import { PAGE_HEADERS } from './pages.ts';

/** A year: the name of an asset holds a hash of what is in it. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Serves the dashboard at `/` and its files under `/assets/`. `folder`: where the build has put them. */
export async function dashboardRoutes(app: App, folder: string): Promise<void> {
  const isBuilt = existsSync(join(folder, 'index.html'));
  if (isBuilt) {
    // The documentation's page has it loaded already.
    const { default: files } = await import('@fastify/static');
    await app.register(files, {
      root: folder,
      serve: false,
      index: false,
      preCompressed: true,
      cacheControl: false,
    });
  }
  const assets = new Set(isBuilt ? readdirSync(join(folder, 'assets')) : []);

  app.get('/', { helmet: PAGE_HEADERS, schema: { hide: true } }, async (_request, reply) => {
    reply.header('Cache-Control', 'no-cache').type('text/html; charset=utf-8');
    return isBuilt ? reply.sendFile('index.html') : reply.send(NOT_BUILT);
  });
  app.get<{ Params: { file: string } }>(
    '/assets/:file',
    { helmet: PAGE_HEADERS, schema: { hide: true } },
    async (request, reply) => {
      const { file } = request.params;
      if (!assets.has(file)) {
        handleNotFound(request, reply);
        return reply;
      }
      return reply.header('Cache-Control', FOR_EVER).sendFile(join('assets', file));
    },
  );
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sallyport</title>
<link rel="icon" href="data:,">
<h1>Sallyport is running</h1>
<p>It knows which AI agents are running and puts a person in front of what they must not do alone.</p>
<p>Its dashboard is not built: run <code>npm run build</code>, or start it with <code>npm start</code>. Without it:</p>
<ul>
<li><a href="/approvals?status=pending">Pending approvals</a></li>
<li><a href="/agents">Agents</a></li>
<li><a href="/events">The newest events</a></li>
<li><a href="/docs">How to talk to it</a></li>
</ul>
`;
