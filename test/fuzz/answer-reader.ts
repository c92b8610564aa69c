/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly version: string;
  readonly status: number;
  /** By their names in small letters; of one that comes twice the values are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

type Framing = 'none' | 'length' | 'chunked' | 'close';

interface Open extends WireAnswer {
  body: Buffer;
  readonly framing: Framing;
}

/**
 * Reads the answers that come on one connection, in order, and throws at whatever RFC 9112 does not allow: HTTP clients
 * forgive, and would hide a frame that was broken or an answer that nobody asked for.
 */
export class AnswerReader {
  readonly answers: WireAnswer[] = [];
  /** Of each request in order: an answer to HEAD has no body. Those beyond are taken for GET. */
  readonly #methods: readonly string[];
  #open: Open | undefined;
  #rest: Buffer = Buffer.alloc(0);

  constructor(methods: readonly string[] = []) {
    this.#methods = methods;
  }

  /** The answer whose body is still coming: a stream's. */
  get open(): WireAnswer | undefined {
    return this.#open;
  }

  read(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (this.#open === undefined ? this.#readHead() : this.#readBody(this.#open)) {
      // Goes on as long as there is something whole to read.
    }
  }

  /** The connection has been closed. */
  end(): void {
    if (this.#open?.framing === 'close') {
      this.#finish(this.#open);
    }
    if (this.#open !== undefined || this.#rest.length > 0) {
      throw new Error(`the connection was closed in the middle of an answer: ${this.#shown()}`);
    }
  }

  #readHead(): boolean {
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end < 0) {
      return false;
    }
    const [line = '', ...fields] = this.#rest.toString('latin1', 0, end).split('\r\n');
    const [, version = '', status = ''] = /^HTTP\/(\d\.\d) (\d{3}) [\x20-\x7e]*$/.exec(line) ?? [];
    if (version === '') {
      throw new Error(`not an answer: ${this.#shown()}`);
    }
    const headers = readFields(fields);
    this.#rest = this.#rest.subarray(end + 4);
    if (!status.startsWith('1')) {
      const method = this.#methods[this.answers.length] ?? 'GET';
      const framing = framingOf(method, Number(status), headers);
      this.#open = { version, status: Number(status), headers, body: Buffer.alloc(0), framing };
    }
    return true;
  }

  #readBody(open: Open): boolean {
    if (open.framing === 'chunked') {
      return this.#readChunk(open);
    }
    const length = open.framing === 'length' ? Number(open.headers['content-length']) : 0;
    if (open.framing === 'close') {
      open.body = Buffer.concat([open.body, this.#take(this.#rest.length)]);
      return false;
    }
    if (this.#rest.length < length) {
      return false;
    }
    open.body = this.#take(length);
    this.#finish(open);
    return true;
  }

  #readChunk(open: Open): boolean {
    const lineEnd = this.#rest.indexOf('\r\n');
    if (lineEnd < 0) {
      return false;
    }
    const line = this.#rest.toString('latin1', 0, lineEnd);
    if (!/^[0-9a-f]{1,8}$/i.test(line)) {
      throw new Error(`not the size of a chunk: ${this.#shown()}`);
    }
    const length = Number.parseInt(line, 16);
    if (this.#rest.length < lineEnd + 2 + length + 2) {
      return false;
    }
    this.#take(lineEnd + 2);
    open.body = Buffer.concat([open.body, this.#take(length)]);
    if (this.#take(2).toString('latin1') !== '\r\n') {
      throw new Error('a chunk that does not end where it says');
    }
    if (length === 0) {
      this.#finish(open);
    }
    return true;
  }

  #finish({ version, status, headers, body }: Open): void {
    this.#open = undefined;
    this.answers.push({ version, status, headers, body });
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  #shown(): string {
    return JSON.stringify(this.#rest.toString('latin1', 0, 200));
  }
}

function readFields(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name = '', value = ''] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([^\r\n]*?)[ \t]*$/.exec(line) ?? [];
    if (name === '') {
      throw new Error(`not a header: ${JSON.stringify(line)}`);
    }
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  return headers;
}

/** RFC 9112, section 6.3. */
function framingOf(method: string, status: number, headers: Record<string, string>): Framing {
  if (method === 'HEAD' || status === 204 || status === 304) {
    return 'none';
  }
  const { 'transfer-encoding': encoding, 'content-length': length } = headers;
  if (encoding !== undefined) {
    if (encoding !== 'chunked' || length !== undefined) {
      throw new Error(`Transfer-Encoding: ${encoding}, Content-Length: ${length}`);
    }
    return 'chunked';
  }
  if (length === undefined) {
    return 'close';
  }
  if (!/^\d{1,9}$/.test(length)) {
    throw new Error(`Content-Length: ${length}`);
  }
  return 'length';
}
