import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from './app.ts';

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;
type Paths = Record<string, Record<string, Operation>>;
type Document = { components?: { schemas?: Record<string, Json> }; paths: Paths } & Record<string, unknown>;

interface Operation {
  readonly requestBody?: {
    required: boolean;
    content: Record<string, { schema: { required?: readonly string[] } }>;
  };
}

/** The page sets styles of its own as it is drawn. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/** Makes the OpenAPI document from the routes' schemas. Before the routes. */
export async function documentApi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sallyport',
        version,
        description:
          'Knows which AI agents are running and puts a person in front of what they must not do alone. Times are ISO 8601 in UTC with milliseconds, durations integer milliseconds, errors `application/problem+json` (RFC 9457). Bodies are JSON objects in UTF-8, nested at most 64 levels deep, without whole numbers beyond 2^53 - 1. A parameter that is repeatable may come 50 times. Every answer has an `X-Request-Id`. A path that exists answers other methods with 405 and `Allow`.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description:
              'A token (`spt_…`), or a JWT of the issuer that the service trusts. Not needed while none is configured.',
          },
          cookie: {
            type: 'apiKey',
            in: 'cookie',
            name: 'sallyport',
            description: 'Of a browser that is signed in; `__Host-sallyport` behind TLS.',
          },
        },
      },
      security: [{ token: [] }, { cookie: [] }, {}],
      tags: [
        { name: 'approvals', description: 'Questions that a person answers.' },
        { name: 'hooks', description: "For the hooks of agents' own programs." },
        { name: 'agents', description: 'Which agents there are, and what they are doing.' },
        { name: 'events', description: 'The log, and the log live.' },
        { name: 'sessions', description: 'Who is connected.' },
        { name: 'credentials', description: 'Who may do what.' },
        { name: 'health', description: 'For load balancers and monitoring.' },
      ],
    },
    transformObject: (document) => nameSchemas(document as never) as never,
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { title: 'Sallyport API' },
    // Without the bar at the top, which asks for the address of another document.
    uiConfig: { deepLinking: true, layout: 'BaseLayout' },
    // Not its own `staticCSP`, which would also be on the refusals of what nobody is to know.
    uiHooks: {
      preHandler: (_request, reply, done) => {
        reply.header('Content-Security-Policy', DOCS_POLICY);
        done();
      },
    },
  });
}

/** Serves the document. After the routes. */
export function openapiRoutes(app: App): void {
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  app.get('/openapi.yaml', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/yaml; charset=utf-8').send(app.swagger({ yaml: true })),
  );
}

/** Every schema with a title becomes a named component, so that the document says each thing once. */
function nameSchemas({ openapiObject }: { openapiObject: Document }): object {
  const schemas: Record<string, Json> = {};
  markOptionalBodies(openapiObject.paths);
  const paths = hoist(openapiObject.paths as unknown as Json, schemas);
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...openapiObject, components: { ...openapiObject.components, schemas: sorted }, paths };
}

/** No body is `{}`, so it may be left out where no field is required. The plugin takes every body as required. */
function markOptionalBodies(paths: Paths): void {
  for (const { requestBody } of Object.values(paths).flatMap(Object.values<Operation>)) {
    if (requestBody !== undefined) {
      requestBody.required = Object.values(requestBody.content).some(({ schema }) => 'required' in schema);
    }
  }
}

function hoist(value: Json, schemas: Record<string, Json>): Json {
  if (Array.isArray(value)) {
    return value.map((item) => hoist(item, schemas));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const copy = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key.startsWith('example') ? item : hoist(item, schemas),
    ]),
  );
  const { title } = copy;
  if (typeof title !== 'string') {
    return copy;
  }
  schemas[title] = copy;
  return { $ref: `#/components/schemas/${title}` };
}
