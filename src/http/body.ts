import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { invalid, ProblemError } from './problems.ts';

/** Deeper JSON is refused: nobody decides on it, and what walks it later could run out of stack. */
export const JSON_DEPTH_MAX = 64;

/** Bodies are objects, as JSON in UTF-8. An empty one is none at all. */
export function readJsonBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) {
      done(null, undefined);
    } else if (!isUtf8(body)) {
      done(invalid('body', 'must be UTF-8'));
    } else if (isDeeperThan(JSON_DEPTH_MAX, body)) {
      done(invalid('body', `must not be nested deeper than ${JSON_DEPTH_MAX} levels`));
    } else {
      void parseJson(request, body.toString(), (error, value) => {
        if (error !== null) {
          done(invalid('body', `must be JSON: ${error.message}`));
        } else if (typeof value !== 'object' || value === null || Array.isArray(value)) {
          done(invalid('body', 'must be an object'));
        } else {
          done(null, value);
        }
      });
    }
  });
  app.addContentTypeParser('*', (request, _payload, done) => {
    // A browser's `fetch` with an empty string says that it is text.
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
    if (length === '0' && encoding === undefined) {
      done(null, undefined);
      return;
    }
    const got = request.headers['content-type'];
    const detail = `send bodies as JSON with the header 'Content-Type: application/json'`;
    done(new ProblemError('unsupported-media-type', got === undefined ? detail : `${detail}, not '${got}'`));
  });
}

/** For a route that takes no body: `{}` is none. */
export function refuseBody(body: unknown): void {
  const [field] = Object.keys(body ?? {});
  if (field !== undefined) {
    throw invalid(field, 'is not known here');
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** True if the JSON's objects and lists are nested deeper than `limit`. Reads it once, builds nothing. */
function isDeeperThan(limit: number, json: Buffer): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < json.length; index++) {
    const byte = json[index] as number;
    if (isInString) {
      if (byte === BACKSLASH) {
        index += 1;
      } else if (byte === QUOTE) {
        isInString = false;
      }
    } else if (byte === QUOTE) {
      isInString = true;
    } else if (OPENING.has(byte)) {
      depth += 1;
      if (depth > limit) {
        return true;
      }
    } else if (CLOSING.has(byte)) {
      depth -= 1;
    }
  }
  return false;
}
