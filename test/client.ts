import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body, parsed, where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape.
  readonly body: any;
}

export interface Call {
  /** `X-Session-Id`; `test` unless given, null: none. */
  readonly session?: string | null;
  readonly headers?: Record<string, string>;
  /** Sent as JSON; a string or a Buffer as it is. */
  readonly body?: unknown;
}

type Operation = { responses: Record<string, { content?: Record<string, { schema: object }> }> };
interface OpenApi {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: object;
}

/** A document, and the checks that were made from it. */
class Documented {
  readonly document: OpenApi;
  readonly #validators = new Map<object, ValidateFunction>();
  readonly #ajv = addFormats.default(new Ajv2020({ strict: false }));

  constructor(text: string) {
    this.document = JSON.parse(text);
  }

  validator(schema: object): ValidateFunction {
    const known = this.#validators.get(schema);
    if (known !== undefined) {
      return known;
    }
    const validate = this.#ajv.compile({ ...schema, components: this.document.components });
    this.#validators.set(schema, validate);
    return validate;
  }
}

/**
 * Of the first service of this process that lets it be read. All run the same code, and to make the document, and the
 * checks from it, takes longer than most tests.
 */
let known: Documented | undefined;

async function documentedBy(url: string, token: string | null): Promise<Documented> {
  const headers: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/openapi.json`, { headers });
  const text = await response.text();
  if (!response.ok) {
    return new Documented('{"paths":{},"components":{}}');
  }
  known = new Documented(text);
  return known;
}

/** What the clients of one service share. */
interface Shared {
  readonly url: string;
  readonly documented: Documented;
  readonly agent: Agent;
}

/** An HTTP client that holds every answer against the OpenAPI document of the service. */
export class Client {
  /** What it sends in `Authorization`; null: nothing. */
  readonly token: string | null;
  readonly #shared: Shared;

  /** `token`: sent with every request. Who is the first, and may not read the document, checks nothing. */
  static async of(url: string, token: string | null = null): Promise<Client> {
    const documented = known ?? (await documentedBy(url, token));
    return new Client({ url, documented, agent: new Agent({ keepAlive: true }) }, token);
  }

  private constructor(shared: Shared, token: string | null) {
    this.#shared = shared;
    this.token = token;
  }

  /** The same client with another token, or with none. */
  as(token: string | null): Client {
    return new Client(this.#shared, token);
  }

  /** The API, as its document has it: every method with its path. */
  get operations(): string[] {
    return Object.entries(this.#shared.documented.document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  get(path: string, call: Call = {}): Promise<Answer> {
    return this.call('GET', path, call);
  }

  post(path: string, body?: unknown, call: Call = {}): Promise<Answer> {
    return this.call('POST', path, { body, ...call });
  }

  put(path: string, body?: unknown, call: Call = {}): Promise<Answer> {
    return this.call('PUT', path, { body, ...call });
  }

  delete(path: string, call: Call = {}): Promise<Answer> {
    return this.call('DELETE', path, call);
  }

  /** Throws if the answer is not one that the document knows. */
  async call(
    method: string,
    path: string,
    { session = 'test', headers = {}, body }: Call = {},
  ): Promise<Answer> {
    const bytes =
      body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const answer = await this.#send(method, path, bytes, {
      ...(session === null ? {} : { 'X-Session-Id': session }),
      ...(this.token === null ? {} : { Authorization: `Bearer ${this.token}` }),
      ...(bytes === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': `${Buffer.byteLength(bytes)}` }),
      ...headers,
    });
    this.#check(method, path, answer);
    return answer;
  }

  close(): void {
    this.#shared.agent.destroy();
  }

  #send(
    method: string,
    path: string,
    body: string | Buffer | undefined,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const { url, agent } = this.#shared;
    return new Promise((resolve, reject) => {
      const sent = request(url + path, { method, headers, agent }, (response) => {
        readAnswer(response).then(resolve, reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  #check(method: string, path: string, { status, headers, body, text }: Answer): void {
    const name = path.split('?', 1)[0] as string;
    const operation = this.#operation(method, name);
    if (operation === undefined) {
      return;
    }
    const documented = operation.responses[status];
    if (documented === undefined) {
      throw new Error(`${method} ${path} answered ${status}, which openapi does not know: ${text}`);
    }
    const type = headers['content-type']?.split(';', 1)[0] as string;
    const schema = documented.content?.[type]?.schema;
    const isAsDocumented = schema === undefined ? undefined : this.#shared.documented.validator(schema);
    if (isAsDocumented === undefined ? text !== '' : type.endsWith('json') && !isAsDocumented(body)) {
      const errors = isAsDocumented === undefined ? `no ${type}` : JSON.stringify(isAsDocumented.errors);
      throw new Error(
        `${method} ${path} answered ${status} with what openapi does not know (${errors}): ${text}`,
      );
    }
  }

  #operation(method: string, path: string): Operation | undefined {
    const { paths } = this.#shared.documented.document;
    const matches = Object.keys(paths).filter((template) => {
      const pattern = template.replaceAll(/\{[^}]+\}/g, '[^/]+');
      return new RegExp(`^${pattern}$`).test(path);
    });
    // `/approvals/wait` is also of the form `/approvals/{id}`.
    const template = matches.find((match) => match === path) ?? matches[0];
    return template === undefined ? undefined : paths[template]?.[method.toLowerCase()];
  }
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  const { headers, statusCode = 0 } = response;
  const isJson = /json/.test(headers['content-type'] ?? '') && text !== '';
  return { status: statusCode, headers, text, body: isJson ? JSON.parse(text) : undefined };
}
