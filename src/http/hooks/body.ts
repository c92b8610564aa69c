import type { FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { readJson, unsupported } from '../body.ts';

/** A tool's input can be a whole file. */
export const HOOK_BODY_MAX_BYTES = 10 * 1024 * 1024;

const JSON_TYPE = /^application\/json\s*(;|$)/i;

/**
 * Bodies are kept as bytes until they are looked at: one that cannot be read is answered in the form of the event that it
 * names all the same.
 */
export function readHookBodies(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: HOOK_BODY_MAX_BYTES },
    (_request, body: Buffer, done) => done(null, body),
  );
  app.addHook('preValidation', (request: FastifyRequest, _reply, done) => {
    try {
      if (Buffer.isBuffer(request.body)) {
        // A form of a web page can send the others.
        if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
          throw unsupported(request);
        }
        request.body = readJson(request, request.body);
      }
      done();
    } catch (error) {
      done(error as Error);
    }
  });
}
