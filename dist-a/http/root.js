import { PAGE_HEADERS } from './pages.js';
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sallyport</title>
<link rel="icon" href="data:,">
<h1>Sallyport is running</h1>
<p>It knows which AI agents are running and puts a person in front of what they must not do alone.</p>
<ul>
<li><a href="/approvals?status=pending">Pending approvals</a></li>
<li><a href="/agents">Agents</a></li>
<li><a href="/events">The newest events</a></li>
<li><a href="/docs">How to talk to it</a></li>
</ul>
`;
/** Where the dashboard will be: until then a page that says where to look. */
export function rootPage(app) {
    app.get('/', { helmet: PAGE_HEADERS, schema: { hide: true } }, async (_request, reply) => reply.type('text/html; charset=utf-8').send(PAGE));
}
