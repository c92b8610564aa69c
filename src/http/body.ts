import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseObject } from './json.ts';
import { invalid, ProblemError } from './problems.ts';

/** The members that take any JSON. */
const ANY_JSON = ['details', 'metadata', 'payload'] as const;
/** Written out, no JSON is longer than so many times what came: of `1e20`, and its comma, it is 21 digits. */
const GROWTH_MAX = 5;

/**
 * Bodies are objects, as JSON in UTF-8. An empty one is none at all. `maxJsonBytes`: characters of the JSON text of each
 * member that takes any.
 */
export function readJsonBodies(app: FastifyInstance, maxJsonBytes: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      const value = readJson(request, body);
      if (value !== undefined && body.length * GROWTH_MAX > maxJsonBytes) {
        refuseLongJson(value, maxJsonBytes);
      }
      done(null, value);
    } catch (error) {
      done(error as Error);
    }
  });
  app.addContentTypeParser('*', (request, _payload, done) => {
    // A browser's `fetch` with an empty string says that it is text.
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
    if (length === '0' && encoding === undefined) {
      done(null, undefined);
    } else {
      done(unsupported(request));
    }
  });
}

/** Reads the object; undefined: the body is empty. Throws a 400 or a 415 for what is none. */
export function readJson(request: FastifyRequest, body: Buffer): object | undefined {
  checkEncoding(request);
  return body.length === 0 ? undefined : parseObject(body);
}

/** What is compressed, or in another character set, is not guessed at. */
function checkEncoding(request: FastifyRequest): void {
  const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = request.headers;
  const charset = /;\s*charset="?([^";\s]*)/i.exec(type)?.[1] ?? 'utf-8';
  if (encoding.toLowerCase() !== 'identity' || charset.toLowerCase() !== 'utf-8') {
    throw unsupported(request);
  }
}

/** The 415 that says what to send. */
export function unsupported({ headers }: FastifyRequest): ProblemError {
  const { 'content-encoding': encoding, 'content-type': type } = headers;
  const got = [type, encoding && `Content-Encoding: ${encoding}`].filter(Boolean).join(', ');
  const detail =
    "send bodies as JSON in UTF-8, not compressed, with the header 'Content-Type: application/json'";
  return new ProblemError('unsupported-media-type', got === '' ? detail : `${detail}, not '${got}'`);
}

/** What is kept and sent to everybody is written out again, so that is what counts. */
function refuseLongJson(value: object, maxLength: number): void {
  for (const [field, json] of Object.entries(value)) {
    if ((ANY_JSON as readonly string[]).includes(field) && JSON.stringify(json).length > maxLength) {
      throw invalid(
        field,
        `must not be longer than ${maxLength} characters as JSON (SALLYPORT_MAX_JSON_BYTES); keep the rest elsewhere and send a link`,
      );
    }
  }
}

/** For a route that takes no body: `{}` is none. */
export function refuseBody(body: unknown): void {
  const [field] = Object.keys(body ?? {});
  if (field !== undefined) {
    throw invalid(field, 'is not known here');
  }
}
