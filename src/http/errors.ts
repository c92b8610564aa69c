import { METHODS, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { newId } from '../host/ids.ts';
import { OutcomeUnknown, StorageUnavailable } from '../host/journal.ts';
import type { App } from './app.ts';
import { denyOfBroken, hookKindOf, refuseHook } from './hooks/refusal.ts';
import { invalid, ProblemError, problemJson, sendProblem, statusOf } from './problems.ts';

/** Every error that reaches Fastify becomes a problem; what is ours to mend is logged and says nothing of the inside. */
export function handleError(
  error: FastifyError | ProblemError | StorageUnavailable | OutcomeUnknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const problem = error instanceof ProblemError ? error : translate(error, request.routeOptions.bodyLimit);
  if (problem.code === 'internal-error') {
    request.log.error({ reqId: request.id, err: error }, 'a request failed');
  }
  // What is encoded in a path leads to its route all the same.
  const hook = hookKindOf(request.method, request.routeOptions.url ?? request.url);
  if (hook !== undefined) {
    refuseHook(hook, request, reply, problem);
    return;
  }
  if (problem.code === 'unauthenticated' && isForPage(request)) {
    // A person is looking at a page: there is one to sign in on.
    reply.redirect('/login', 303);
    return;
  }
  sendProblem(reply, problem);
}

function isForPage({ method, headers, routeOptions }: FastifyRequest): boolean {
  const { accept, authorization } = headers;
  const { url = '' } = routeOptions;
  const isPage = method === 'GET' && (url === '/' || url.startsWith('/docs'));
  return isPage && authorization === undefined && accept?.includes('text/html') === true;
}

function translate(
  error: FastifyError | StorageUnavailable | OutcomeUnknown,
  bodyLimit: number,
): ProblemError {
  // Of a read: the host answers for its changes.
  if (error instanceof StorageUnavailable || error instanceof OutcomeUnknown) {
    return new ProblemError('storage-unavailable', `${error.message}; try again in a moment`);
  }
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ProblemError('payload-too-large', `the body is larger than ${bodyLimit} bytes; send less`);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ProblemError(
        'unsupported-media-type',
        "send bodies as JSON with the header 'Content-Type: application/json'",
      );
    case 'FST_ERR_BAD_URL':
      return invalid('path', 'is not a valid URL path');
    default:
      return (error.statusCode ?? 500) < 500
        ? invalid('request', `could not be read: ${error.message}`)
        : new ProblemError(
            'internal-error',
            'the service failed on this request; its log says more under this request id',
          );
  }
}

export function handleNotFound(request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.replace(/\?.*/s, '');
  const detail = `there is nothing at '${path}'; see /docs for what there is`;
  const problem = new ProblemError('route-not-found', detail);
  const hook = hookKindOf(request.method, request.url);
  if (hook === undefined) {
    sendProblem(reply, problem);
  } else {
    refuseHook(hook, request, reply, problem);
  }
}

/** A hook: a path that ends where its id or name would begin is none, and no thing without a name. */
export function refuseNoName(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const { id, name } = request.params as { readonly id?: string; readonly name?: string };
  if (id === '' || name === '') {
    handleNotFound(request, reply);
  } else {
    done();
  }
}

/** Every method that Node reads, but for CONNECT, which is never a request. */
const ROUTABLE = METHODS.filter((method) => method !== 'CONNECT');

/** Answers 405 where a path exists and the method does not. Call it before the routes; it acts when they are all there. */
export function answerUnknownMethods(app: App): () => void {
  for (const method of ROUTABLE) {
    if (!app.supportedMethods.includes(method)) {
      app.addHttpMethod(method);
    }
  }
  const urls = new Set<string>();
  app.addHook('onRoute', ({ url }) => void urls.add(url));
  return () => {
    for (const url of [...urls]) {
      const known = ROUTABLE.filter((method) => app.hasRoute({ method, url }));
      const allow = known.join(', ');
      const refuse = async (request: FastifyRequest) => {
        const detail = `${request.method} is not allowed here; use ${allow}`;
        throw new ProblemError('method-not-allowed', detail, { allow });
      };
      app.route({
        method: ROUTABLE.filter((method) => !known.includes(method)),
        url,
        schema: { hide: true },
        // Before a body of any kind is read: the answer is the same.
        onRequest: refuse,
        handler: refuse,
      });
    }
  };
}

const CLIENT_ERRORS: Record<string, ProblemError> = {
  HPE_HEADER_OVERFLOW: new ProblemError('headers-too-large', 'the headers are larger than 16 KiB; send less'),
  ERR_HTTP_REQUEST_TIMEOUT: new ProblemError(
    'request-timeout',
    'the request did not arrive in time; send it faster',
  ),
};
const BROKEN = invalid('request', 'is not HTTP/1.1 as RFC 9112 has it');

/**
 * What is not HTTP never becomes a request: the answer is written to the connection, which is then closed. Requests that
 * came before it on the same connection are answered first, as what they asked for is done.
 */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  const response = responseOn(socket);
  const isBegun = response?.headersSent && !response.writableEnded;
  // It was reset, and nobody is there to read an answer; or one has begun, and a second one would be a part of it.
  if (!socket.writable || isBegun) {
    socket.destroy();
  } else if (response?.req.complete) {
    response.once('finish', () => answerBrokenRequest(error, socket));
  } else if (response?.writableEnded) {
    // It is this request that has been answered, before it was all there.
    socket.end();
  } else {
    const problem = CLIENT_ERRORS[String(error.code)] ?? BROKEN;
    const { method, url = '' } = response?.req ?? {};
    const hook = hookKindOf(method, url);
    socket.end(
      hook === undefined
        ? brokenAnswer(statusOf(problem), 'application/problem+json', problemJson(problem))
        : brokenAnswer(200, 'application/json; charset=utf-8', denyOfBroken(hook, url, problem)),
    );
  }
}

/** The response that a connection is to carry next. Node does not document where it is, and decides by it itself. */
function responseOn(socket: Socket & { _httpMessage?: ServerResponse | null }): ServerResponse | undefined {
  return socket._httpMessage ?? undefined;
}

function brokenAnswer(status: number, type: string, body: string): string {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `X-Request-Id: ${newId('request-', Date.now())}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
