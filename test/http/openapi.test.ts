import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type Test, test } from 'tap';
import { startGuarded } from '../access/guarded.ts';
import { start } from '../service.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

interface Schema {
  readonly $ref?: string;
  readonly examples?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
}
interface Media {
  readonly schema: Schema;
  readonly example?: unknown;
  readonly examples?: Record<string, { value: unknown }>;
}
type Content = Record<string, Media>;
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: Schema }[];
  readonly requestBody?: { content: Content; required?: boolean };
  readonly responses: Record<string, { description: string; content?: Content; headers?: object }>;
}
interface Document {
  readonly openapi: string;
  readonly info: Record<string, unknown>;
  readonly tags: readonly { name: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, Schema> };
}

interface Listed {
  readonly name: string;
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

interface Served {
  readonly document: Document;
  readonly operations: readonly Listed[];
  readonly yaml: string;
}

let served: Served | undefined;

/** What the service serves. It is the same for every test: one asks for all. */
async function document(t: Test): Promise<Served> {
  served ??= await ask(t);
  return served;
}

async function ask(t: Test): Promise<Served> {
  const { client } = await start(t, { store: 'memory:' });
  const json = await client.get('/openapi.json', { session: null });
  const yaml = await client.get('/openapi.yaml', { session: null });
  t.match(json, { status: 200, headers: { 'content-type': /^application\/json/ } });
  t.match(yaml, { status: 200, headers: { 'content-type': /^application\/yaml/ } });
  const operations = Object.entries((json.body as Document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      method,
      operation,
    })),
  );
  return { document: json.body, operations, yaml: yaml.text };
}

test('the document is the same with and without credentials', async (t) => {
  const { document: open } = await document(t);
  const { client } = await startGuarded(t, { maxStreams: 1, trustedProxies: ['127.0.0.1'] });
  t.strictSame(
    (await client.get('/openapi.json')).body,
    open,
    'one is checked for all services of a test file',
  );
});

test('the document is OpenAPI 3.1 and has every request of the contract', async (t) => {
  const { document: api, operations } = await document(t);
  t.match(api.openapi, /^3\.1\.\d+$/);
  t.match(api.info, { title: 'Sallyport', version: 'test' });
  t.strictSame(operations.map(({ name }) => name).sort(), [
    'DELETE /agents/{id}',
    'DELETE /tokens/{name}',
    'GET /agents',
    'GET /agents/{id}',
    'GET /approvals',
    'GET /approvals/{id}',
    'GET /approvals/{id}/wait',
    'GET /events',
    'GET /events/stream',
    'GET /health/live',
    'GET /health/ready',
    'GET /login',
    'GET /me',
    'GET /metrics',
    'GET /sessions',
    'GET /tokens',
    'GET /tokens/{name}',
    'POST /agents',
    'POST /approvals',
    'POST /approvals/wait',
    'POST /approvals/{id}/cancel',
    'POST /approvals/{id}/resolve',
    'POST /events',
    'POST /hooks/claude-code',
    'POST /hooks/codex',
    'POST /login',
    'POST /logout',
    'POST /mcp',
    'POST /tokens',
    'POST /tokens/{name}/rotate',
    'PUT /agents/{id}/status',
  ]);
  t.ok(operations.every(({ method }) => METHODS.includes(method)));
});

test('the subjects are in the order in which people need them', async (t) => {
  const { document: api } = await document(t);
  t.strictSame(
    api.tags.map(({ name }) => name),
    ['approvals', 'hooks', 'agents', 'events', 'sessions', 'credentials', 'health'],
  );
});

test('what needs no credential says so', async (t) => {
  const { operations } = await document(t);
  t.strictSame(
    operations.filter(({ operation }) => operation.security?.length === 0).map(({ name }) => name),
    ['GET /health/live', 'GET /health/ready', 'GET /login', 'POST /login'],
  );
});

test('every operation has an id of its own, a summary, known tags, and its path parameters', async (t) => {
  const { document: api, operations } = await document(t);
  const tags = api.tags.map(({ name }) => name);
  const ids = operations.map(({ operation }) => operation.operationId);
  t.equal(new Set(ids).size, ids.length);
  for (const { name, path, operation } of operations) {
    t.match(operation, { operationId: /^[a-z][A-Za-z]+$/, summary: /\S/ }, name);
    t.ok(operation.tags.length > 0 && operation.tags.every((tag) => tags.includes(tag)), name);
    const inPath = operation.parameters?.filter((parameter) => parameter.in === 'path') ?? [];
    t.strictSame(
      inPath.map((parameter) => `{${parameter.name}}`),
      path.match(/\{[^}]+\}/g) ?? [],
      name,
    );
    t.ok(
      inPath.every(({ required }) => required === true),
      name,
    );
  }
});

/** The statuses of the contract for each request, besides 500 and those of every route that needs a credential. */
const STATUSES: Record<string, string> = {
  'POST /agents': '200 201 400 409 413 415 429 503',
  'GET /agents': '200 400 503',
  'GET /agents/{id}': '200 400 404 503',
  'PUT /agents/{id}/status': '200 400 403 404 413 415 503',
  'DELETE /agents/{id}': '204 400 403 404 413 415 503',
  'POST /approvals': '200 201 400 413 415 422 429 503',
  'GET /approvals': '200 400 503',
  'GET /approvals/{id}': '200 400 404 503',
  'POST /approvals/{id}/resolve': '200 202 400 404 409 413 415 422 503',
  'POST /approvals/{id}/cancel': '200 400 403 404 409 413 415 503',
  'POST /approvals/wait': '200 400 413 415 422 429 503',
  'GET /approvals/{id}/wait': '200 400 404 429 503',
  'POST /mcp': '200 202 400 404 413 415 503',
  'POST /events': '201 400 413 415 503',
  // Every refusal is a deny.
  'POST /hooks/claude-code': '200',
  'POST /hooks/codex': '200',
  'GET /events': '200 400 503',
  'GET /events/stream': '200 400 503',
  'GET /sessions': '200 400 503',
  'GET /me': '200',
  'GET /health/live': '200 400',
  'GET /health/ready': '200 400 503',
  'GET /metrics': '200',
  'GET /login': '200',
  'POST /login': '204 413 415 503',
  'POST /logout': '204 413 415 503',
  'GET /tokens': '200',
  'POST /tokens': '201 409 413 415 503',
  'GET /tokens/{name}': '200 404',
  'POST /tokens/{name}/rotate': '200 404 409 413 415 503',
  'DELETE /tokens/{name}': '204 404 409 413 415 503',
};

const OF_CREDENTIALS = [400, 401, 403, 429];

function statusesOf(name: string): string {
  if (name.includes('/hooks/')) {
    return String(STATUSES[name]);
  }
  const own = `${STATUSES[name]} 500`.split(' ');
  const all = name.includes('/health/') ? own : [...own, ...OF_CREDENTIALS.map(String)];
  return [...new Set(all)].sort().join(' ');
}

test('every answer is there, the problems as application/problem+json', async (t) => {
  const { operations } = await document(t);
  for (const { name, operation } of operations) {
    t.equal(Object.keys(operation.responses).sort().join(' '), statusesOf(name), name);
    for (const [status, { description, content, headers }] of Object.entries(operation.responses)) {
      t.match(description, /\S/, `${name} ${status}`);
      if (Number(status) >= 400) {
        const { schema, examples } = content?.['application/problem+json'] ?? {};
        t.strictSame(schema, { $ref: '#/components/schemas/Problem' });
        for (const [code, { value }] of Object.entries(examples ?? {})) {
          t.match(value, { code, status: Number(status) }, `${name} ${status}`);
        }
        t.ok(Object.keys(examples ?? {}).length > 0, `${name} ${status} has an example`);
        t.equal('Retry-After' in (headers ?? {}), ['429', '503'].includes(status), `${name} ${status}`);
      }
    }
  }
});

test('changes say who makes them, and what they answer with', async (t) => {
  const { operations } = await document(t);
  const changes = operations.filter(
    ({ method, path }) => method !== 'get' && !/^\/(log(in|out)|mcp|(tokens|hooks).*)$/.test(path),
  );
  for (const { name, method, operation } of changes) {
    const headers = operation.parameters?.filter((parameter) => parameter.in === 'header') ?? [];
    t.ok(
      headers.some((header) => header.name === 'X-Session-Id' && header.required === true),
      name,
    );
    t.equal(
      headers.some((header) => header.name === 'Idempotency-Key'),
      /^POST \/approvals(\/wait)?$/.test(name),
      name,
    );
    for (const [status, { headers: sent }] of Object.entries(operation.responses)) {
      if (status < '300') {
        t.hasProp(sent ?? {}, 'Sallyport-Seq', `${name} ${status}`);
        const isCreated = status === '201' && name !== 'POST /events';
        t.equal('Location' in (sent ?? {}), isCreated, `${name} ${status}`);
      }
    }
    t.equal(method === 'delete', operation.requestBody === undefined, name);
  }
});

test('every reference leads somewhere, and every component is used', async (t) => {
  const { document: api, yaml } = await document(t);
  const text = JSON.stringify(api);
  const named = new Set(
    [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name),
  );
  t.strictSame([...named].sort(), Object.keys(api.components.schemas));
  for (const name of named) {
    t.ok(yaml.includes(`"#/components/schemas/${name}"`), `${name} is in the YAML too`);
  }
});

test('every body has an example, and every example is of its schema', async (t) => {
  const { document: api, operations } = await document(t);
  const ajv = addFormats.default(new Ajv2020({ strict: false }));
  /** By the text of a schema: the same ones come hundreds of times, and each takes long. */
  const checks = new Map<string, ValidateFunction>();
  const isValid = (schema: Schema, value: unknown) => {
    const text = JSON.stringify(schema);
    const validate = checks.get(text) ?? ajv.compile({ ...schema, components: api.components });
    checks.set(text, validate);
    return validate(value) ? true : JSON.stringify(validate.errors);
  };
  const named = (schema: Schema) => {
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined ? schema : (api.components.schemas[name] as Schema);
  };
  for (const { name, operation } of operations) {
    const answers = Object.values(operation.responses).map(({ content }) => content);
    for (const content of [operation.requestBody?.content, ...answers]) {
      for (const [type, { schema, example, examples }] of Object.entries(content ?? {})) {
        if (type.includes('json')) {
          const own = [example ?? [], ...Object.values(examples ?? {}).map(({ value }) => value)].flat();
          const all = [...own, ...(named(schema).examples ?? [])];
          t.ok(all.length > 0, `${name}: ${JSON.stringify(schema)}`);
          t.ok(
            all.every((one) => isValid(schema, one) === true),
            `${name}: ${JSON.stringify(all)}`,
          );
        }
      }
    }
  }
  let checked = 0;
  const walk = (schema: unknown, path: string) => {
    if (typeof schema !== 'object' || schema === null) {
      return;
    }
    const { examples } = schema as Schema;
    if (Array.isArray(examples)) {
      for (const example of examples) {
        checked += 1;
        t.equal(isValid(schema as Schema, example), true, `${path}: ${JSON.stringify(example)}`);
      }
    }
    for (const [key, value] of Object.entries(schema)) {
      if (!key.startsWith('example')) {
        walk(value, `${path}/${key}`);
      }
    }
  };
  walk(api.components.schemas, 'components');
  walk(api.paths, 'paths');
  t.ok(checked > 50);
});

test('the schemas of answers and bodies take no field that they do not name', async (t) => {
  const { document: api } = await document(t);
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    // What a hook sends is not of our making.
    t.match(schema, { additionalProperties: name === 'HookCall' }, name);
  }
});

test('openapi.yaml is what is served: `npm run openapi` writes it anew', async (t) => {
  const { yaml } = await document(t);
  const written = readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8');
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  t.equal(written, yaml.replace('\n  version: test\n', `\n  version: ${version}\n`));
});

test('/docs is a page that reads the document, with nothing from another host', async (t) => {
  const { client, url } = await start(t, { store: 'memory:' });
  const page = await client.get('/docs', { session: null });
  t.match(page, { status: 200, headers: { 'content-type': /^text\/html/ } });
  const assets = [...page.text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link as string);
  t.ok(assets.some((link) => link.endsWith('.js')) && assets.some((link) => link.endsWith('.css')));
  for (const link of assets) {
    const { origin, pathname } = new URL(link, `${url}/docs/`);
    t.equal(origin, url, link);
    const asset = await client.get(pathname);
    t.equal(asset.status, 200, link);
    if (/\.css$|initializer\.js$/.test(pathname)) {
      t.notMatch(asset.text, /url\(["']?(https?:)?\/\/|@import|fetch\(["']https?:/, link);
    }
  }
  const initializer = await client.get('/docs/static/swagger-initializer.js');
  t.match(initializer.text, /\/json/);
  t.match(page.text, '<title>Sallyport API</title>');
  t.match(initializer.text, /"layout":"BaseLayout"/, 'without a bar that asks for another document');
  const served = await client.get('/docs/json');
  t.strictSame(served.body, (await client.get('/openapi.json')).body);
});

test('a body is required where a field of it is', async (t) => {
  const { operations } = await document(t);
  const required = operations.filter(({ operation }) => operation.requestBody?.required === true);
  const optional = operations.filter(({ operation }) => operation.requestBody?.required === false);
  t.strictSame(
    optional.map(({ name }) => name),
    ['POST /approvals/{id}/cancel', 'POST /events', 'POST /tokens/{name}/rotate'],
  );
  t.equal(required.length, 10);
});
