import fc, { type Arbitrary } from 'fast-check';
import type { FuzzRequest } from './fuzz-request.ts';

/** Valid requests with a target, a method or headers that a decent client would not send. */
export function hostileRequest(valid: Arbitrary<FuzzRequest>): Arbitrary<FuzzRequest> {
  const twist = fc.oneof(
    fc.constantFrom(...TARGETS).map((target) => ({ target })),
    fc.constantFrom(...TWISTS).map((twist) => ({ twist })),
    fc.constantFrom(...METHODS).map((method) => ({ method })),
    fc.constantFrom(...HEADERS).map((header) => ({ header })),
    fc.tuple(fc.constantFrom(...NAMES), anyBytes).map((header) => ({ header })),
  );
  return fc.tuple(valid, twist).map(([request, change]) => apply(request, change));
}

/** With these the service may wait for more, or for what does not come. */
const HELD = ['Content-Length', 'Transfer-Encoding', 'Expect', 'Sallyport-Min-Seq'];

interface Change {
  readonly target?: string;
  readonly twist?: (target: string) => string;
  readonly method?: string;
  readonly header?: readonly [string, string];
}

function apply(request: FuzzRequest, { target, twist, method, header }: Change): FuzzRequest {
  return {
    ...request,
    kind: 'hostile',
    target: target ?? twist?.(request.target) ?? request.target,
    method: method ?? request.method,
    headers: header === undefined ? request.headers : [...request.headers, header],
    mayPark: request.mayPark || HELD.includes(header?.[0] ?? ''),
  };
}

const TWISTS: readonly ((target: string) => string)[] = [
  (target) => `http://sallyport.example${target}`,
  (target) => `HTTPS://user:password@[::1]:1${target}`,
  (target) => `/${target}`,
  (target) => `${target}/`,
  (target) => `${target}#fragment`,
  (target) => `${target};a=b`,
  (target) => `${target}%`,
  (target) => `${target}%2e%2e`,
  (target) => `${target}?__proto__=1&constructor[prototype]=2`,
  (target) => target.toUpperCase(),
  (target) => target.replace('/', '/%2e/'),
  (target) => target.replace('/', '/docs/../'),
  (target) => target.replaceAll('/', '%2f'),
  (target) => target.replaceAll('/', '\\'),
  (target) => target.replaceAll('a', '%61'),
  (target) => target.slice(1),
];

const TARGETS = [
  '*',
  '/*',
  '//',
  '/%',
  '/%00',
  '/%ff%fe',
  '/%c0%ae%c0%ae/',
  '/..',
  '/../../etc/passwd',
  '/docs/static/../../package.json',
  '/docs/static/..%2f..%2fpackage.json',
  '/docs/static/%2e%2e/%2e%2e/package.json',
  '/docs/static/%00',
  '/agents/%2e%2e%2fapprovals',
  '/agents/..%5c..',
  '/approvals/wait/wait?timeout_ms=0',
  '/events/stream/../../agents',
  '/events?after=1&after=2',
  '/agents?limit[]=1',
  '/agents?%00=1',
  '/agents?&&&===',
  '/\u00e9\u00ff',
  'agents',
  'localhost:80',
  'file:///etc/passwd',
  'http://',
  'http:///agents',
  'javascript:alert(1)',
  `/${'a/'.repeat(2000)}`,
  `/agents/${'%41'.repeat(3000)}`,
  `/agents?${'a=b&'.repeat(2000)}`,
];

const METHODS = [
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'PROPFIND',
  'QUERY',
  'PURGE',
  'CONNECT',
  'PRI',
  'get',
  'G\u00cbT',
  'X',
];

const NAMES = [
  'X-Session-Id',
  'Idempotency-Key',
  'Last-Event-ID',
  'Content-Type',
  'Cookie',
  'Accept',
  'X-\u00e9',
  'a b',
];

/** With control characters and line breaks: such a request may well end early. */
const anyBytes = fc.uint8Array({ maxLength: 40 }).map((bytes) =>
  Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[\r\n]/g, ''),
);

const HEADERS: readonly (readonly [string, string])[] = [
  ['X-Session-Id', 's-2'],
  ['Host', 'other.example'],
  ['Origin', 'https://evil.example'],
  ['X-Forwarded-For', '10.0.0.1'],
  ['X-Forwarded-Host', 'evil.example'],
  ['Via', '1.1 proxy.example'],
  ['X-Real-IP', '10.0.0.1'],
  ['Sec-Fetch-Site', 'cross-site'],
  ['Forwarded', 'for=10.0.0.1;host=evil.example'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X-Original-URL', '/events'],
  ['Expect', '100-continue'],
  ['Expect', 'nonsense'],
  ['Connection', 'Upgrade'],
  ['Connection', 'X-Session-Id'],
  ['Upgrade', 'h2c'],
  ['HTTP2-Settings', 'AAMAAABkAAQAAP__'],
  ['Accept', 'application/xml;q=0'],
  ['Accept-Encoding', 'gzip, br;q=0'],
  ['Accept-Version', '9.x'],
  ['Range', 'bytes=0-1,5-'],
  ['If-None-Match', '*'],
  ['If-Match', '"x"'],
  ['If-Modified-Since', 'Thu, 01 Jan 2099 00:00:00 GMT'],
  ['Content-Encoding', 'gzip'],
  ['Content-Type', 'multipart/form-data; boundary=a'],
  ['Content-Length', '3'],
  ['Content-Length', '-1'],
  ['Transfer-Encoding', 'chunked'],
  ['Trailer', 'X-Session-Id'],
  ['TE', 'trailers'],
  ['Cookie', '__proto__=1; a="\\'],
  ['Authorization', 'Bearer none'],
  ['Authorization', 'Basic ='],
  ['Sallyport-Min-Seq', '9007199254740991'],
  ['X-Big', 'x'.repeat(15_000)],
  ['X-Big', 'x'.repeat(17_000)],
];
