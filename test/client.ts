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

/** An HTTP client that holds every answer against the service's own OpenAPI document. */
export class Client {
  readonly #url: string;
  readonly #document: OpenApi;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #validators = new Map<object, ValidateFunction>();
  readonly #ajv = addFormats.default(new Ajv2020({ strict: false }));

  static async of(url: string): Promise<Client> {
    const response = await fetch(`${url}/openapi.json`);
    return new Client(url, (await response.json()) as OpenApi);
  }

  private constructor(url: string, document: OpenApi) {
    this.#url = url;
    this.#document = document;
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
      ...(bytes === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': `${Buffer.byteLength(bytes)}` }),
      ...headers,
    });
    this.#check(method, path, answer);
    return answer;
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(
    method: string,
    path: string,
    body: string | Buffer | undefined,
    headers: Record<string, string>,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(this.#url + path, { method, headers, agent: this.#agent }, (response) => {
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
    if (schema === undefined ? text !== '' : type.endsWith('json') && !this.#validator(schema)(body)) {
      const errors = schema === undefined ? `no ${type}` : JSON.stringify(this.#validator(schema).errors);
      throw new Error(
        `${method} ${path} answered ${status} with what openapi does not know (${errors}): ${text}`,
      );
    }
  }

  #operation(method: string, path: string): Operation | undefined {
    const matches = Object.keys(this.#document.paths).filter((template) => {
      const pattern = template.replaceAll(/\{[^}]+\}/g, '[^/]+');
      return new RegExp(`^${pattern}$`).test(path);
    });
    // `/approvals/wait` is also of the form `/approvals/{id}`.
    const template = matches.find((match) => match === path) ?? matches[0];
    return template === undefined ? undefined : this.#document.paths[template]?.[method.toLowerCase()];
  }

  #validator(schema: object): ValidateFunction {
    const known = this.#validators.get(schema);
    if (known !== undefined) {
      return known;
    }
    const validate = this.#ajv.compile({ ...schema, components: this.#document.components });
    this.#validators.set(schema, validate);
    return validate;
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
