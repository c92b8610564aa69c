import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** A JSON Schema, as far as the document uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;
interface Documented {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content; readonly headers?: object }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface Operation extends Documented {
  readonly method: string;
  /** `/agents/{id}` */
  readonly path: string;
}

/** What the service says of itself. */
export class OpenApi {
  readonly operations: readonly Operation[];
  readonly #document: Document;
  readonly #ajv = addFormats.default(new Ajv2020({ strict: false }));
  readonly #validators = new Map<Schema, ValidateFunction>();

  static async of(url: string, headers: Readonly<Record<string, string>>): Promise<OpenApi> {
    const response = await fetch(`${url}/openapi.json`, { headers });
    if (!response.ok) {
      throw new Error(`${url}/openapi.json answered ${response.status}`);
    }
    return new OpenApi((await response.json()) as Document);
  }

  private constructor(document: Document) {
    this.#document = document;
    // Hooks are told of every refusal in another way: `test/hooks/fuzz.test.ts` is for them.
    this.operations = Object.entries(document.paths)
      .filter(([path]) => !path.startsWith('/hooks/'))
      .flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({
          ...operation,
          method: method.toUpperCase(),
          path,
        })),
      );
  }

  /** The schema itself, where it is only named. */
  resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined ? schema : (this.#document.components.schemas[name] as Schema);
  }

  /** The component of this name. */
  component(name: string): Schema {
    return { $ref: `#/components/schemas/${name}` };
  }

  /** Null: `value` is of the schema. Else why it is not. */
  complaint(schema: Schema, value: unknown): string | null {
    let validate = this.#validators.get(schema);
    if (validate === undefined) {
      validate = this.#ajv.compile({ ...schema, components: this.#document.components });
      this.#validators.set(schema, validate);
    }
    return validate(value) ? null : this.#ajv.errorsText(validate.errors);
  }

  /** The operations at a path as it was sent; HEAD is GET. Empty: the document knows no such path. */
  operationsAt(target: string): readonly Operation[] {
    const path = decoded(target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*/s, ''));
    const matching = this.operations.filter((operation) => patternOf(operation.path).test(path));
    // `/approvals/wait` is also of the form `/approvals/{id}`.
    const exact = matching.filter((operation) => operation.path === path);
    return exact.length > 0 ? exact : matching;
  }
}

const PATTERNS = new Map<string, RegExp>();

function patternOf(path: string): RegExp {
  let pattern = PATTERNS.get(path);
  if (pattern === undefined) {
    pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]*')}$`, 's');
    PATTERNS.set(path, pattern);
  }
  return pattern;
}

/** An encoded slash stays: it separates nothing. */
function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
