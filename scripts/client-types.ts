import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { parse } from 'yaml';

/** The types of the client, `src/client/api.ts`, from `openapi.yaml`. */

const OPENAPI = fileURLToPath(new URL('../openapi.yaml', import.meta.url));
export const TYPES = fileURLToPath(new URL('../src/client/api.ts', import.meta.url));

const BANNER = `/* biome-ignore-all format: generated */
/** What requests and answers hold. Generated from openapi.yaml by \`npm run client-types\`: do not change it by hand. */`;

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly schema: JSONSchema;
}
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JSONSchema>> };
}

/** The text of `src/client/api.ts`. */
export async function clientTypes(): Promise<string> {
  const text = readFileSync(OPENAPI, 'utf8').replaceAll('#/components/schemas/', '#/definitions/');
  const { components, paths } = parse(text) as OpenApi;
  const schemas = { ...components.schemas, ...queries(paths) };
  const definitions = Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, plain(schema)]),
  );
  const types = await compile({ title: 'Api', type: 'object', definitions }, 'Api', {
    additionalProperties: false,
    bannerComment: BANNER,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: true,
    style: { singleQuote: true, printWidth: 110 },
  });
  return types
    .replace('export interface Api {}\n', '')
    .replaceAll(/^ \* This interface was referenced by .*\n \* via the `definition` .*\n/gm, '')
    .replaceAll(/^ \*\n(?= \*\/)/gm, '')
    .replaceAll(/^\/\*\*\n \*\/\n/gm, '');
}

/** What each operation takes in its query, as one object: `ListApprovalsQuery`. */
function queries(paths: OpenApi['paths']): Record<string, JSONSchema> {
  const found: Record<string, JSONSchema> = {};
  for (const { operationId, parameters = [] } of Object.values(paths).flatMap(Object.values<Operation>)) {
    const taken = parameters.filter((parameter) => parameter.in === 'query');
    if (taken.length > 0) {
      const name = `${operationId[0]?.toUpperCase()}${operationId.slice(1)}Query`;
      const properties = taken.map(({ name, schema, description }) => [name, { ...schema, description }]);
      found[name] = {
        title: name,
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(properties),
      };
    }
  }
  return found;
}

/** Without what types do not say. A schema without a type takes any JSON. */
function plain(schema: JSONSchema): JSONSchema {
  return JSON.parse(JSON.stringify(schema), (key, value) => {
    const isAnyJson = typeof value === 'object' && Object.keys(value ?? 0).join() === 'description';
    return key === 'examples' ? undefined : isAnyJson ? { ...value, tsType: 'unknown' } : value;
  });
}
