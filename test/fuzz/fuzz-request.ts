/** How a request was made, and so what may be expected of its answer. */
export type Kind = 'valid' | 'mutated' | 'raw' | 'hostile';

export interface FuzzRequest {
  readonly kind: Kind;
  readonly method: string;
  /** `{agent:1}`, `{approval:2}`, `{token:3}` and `{cursor:0}` stand for what earlier answers had. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Undefined: none. */
  readonly body: Buffer | undefined;
  /** It may be held open: the client goes away after a moment. */
  readonly mayPark: boolean;
  /** Sent as it is, in place of all of the above, and never a whole request. */
  readonly bytes?: Buffer;
}

/** What earlier answers told. */
export interface Known {
  readonly agent: readonly string[];
  readonly approval: readonly string[];
  readonly token: readonly string[];
  readonly cursor: readonly string[];
}

/** With nothing left that stands for something else, and with the headers that everybody sends. */
export function resolveRequest(
  request: FuzzRequest,
  known: Known,
  headers: Readonly<Record<string, string>>,
): FuzzRequest {
  const target = request.target.replaceAll(
    /\{(agent|approval|token|cursor):(\d+)\}/g,
    (_, kind: keyof Known, n) => {
      const pool = known[kind];
      return encodeURIComponent(pool[Number(n) % pool.length] ?? `${kind}-none`);
    },
  );
  const named = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const added = Object.entries(headers).filter(([name]) => !named.has(name.toLowerCase()));
  const withHeaders = { ...request, target, headers: [...added, ...request.headers] };
  return request.bytes === undefined
    ? withHeaders
    : { ...withHeaders, bytes: inserted(request.bytes, added) };
}

/** A request that is cut off has them in its bytes, if it goes on as far as that. */
function inserted(bytes: Buffer, headers: readonly (readonly [string, string])[]): Buffer {
  const end = bytes.indexOf('\r\n') + 2;
  const lines = headers.filter(([name]) => name !== 'Host').map(([name, value]) => `${name}: ${value}\r\n`);
  return end < 2
    ? bytes
    : Buffer.concat([bytes.subarray(0, end), Buffer.from(lines.join('')), bytes.subarray(end)]);
}

/** Without a line break in a field this is one request, whatever else is in it. */
export function toBytes({ method, target, headers, body, bytes }: FuzzRequest): Buffer {
  if (bytes !== undefined) {
    return bytes;
  }
  const names = headers.map(([name]) => name.toLowerCase());
  const hasLength = names.includes('content-length') || names.includes('transfer-encoding');
  const length = body === undefined || hasLength ? [] : [['Content-Length', `${body.length}`] as const];
  const lines = [...headers, ...length].map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
  return body === undefined ? head : Buffer.concat([head, body]);
}

const PRINTABLE = /^[\x20-\x7e]*$/;

/** A command that sends the same again: `curl` where it can, else the bytes themselves. */
export function asCommand(request: FuzzRequest, url: string): string {
  const { method, target, headers, body } = request;
  const fits = [method, target, ...headers.flat()].every((text) => PRINTABLE.test(text));
  const isToken = /^[A-Z]+$/.test(method) && target.startsWith('/');
  if (request.bytes !== undefined || request.kind === 'hostile' || !fits || !isToken) {
    const { hostname, port } = new URL(url);
    return `printf '%b' ${quoted(escaped(toBytes(request)))} | nc ${hostname} ${port}`;
  }
  const parts = ['curl', '-i', '--globoff', '--path-as-is', '-X', method];
  for (const [name, value] of headers.filter(([name]) => name !== 'Host')) {
    parts.push('-H', quoted(value === '' ? `${name};` : `${name}: ${value}`));
  }
  const data = body && escaped(body);
  return data === undefined
    ? [...parts, quoted(url + target)].join(' ')
    : `printf '%b' ${quoted(data)} | ${[...parts, '--data-binary', '@-', quoted(url + target)].join(' ')}`;
}

/** For `printf '%b'`. */
function escaped(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e]|\\/g, (one) => `\\0${one.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
