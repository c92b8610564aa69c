import type { WireAnswer } from './answer-reader.ts';
import type { FuzzRequest } from './fuzz-request.ts';
import type { OpenApi, Operation, Schema } from './openapi.ts';

/** What can be wrong with any request, before it is known what it is for. */
const ANYWHERE = [400, 408, 431];
/** What a request may meet that says it comes from elsewhere, or as somebody. */
const TO_STRANGERS = [401, 403, 421, 429];
/** `/agents/`, `/approvals//resolve`. */
const EMPTY_ID = /[^:/]\/(\/|$|[?#])/;
/** These are for people and for tools, and not in the document. */
const PAGES = /^(\*|(https?:\/\/[^/]*)?\/(docs(\/.*)?|openapi\.(json|yaml))?)([?#].*)?$/is;

/** What a schema cannot say: `fields` of a request that the document allows, and the service all the same refuses. */
const BEYOND_SCHEMAS = [
  'approve_label',
  'kind',
  'cursor',
  'created_after',
  'created_before',
  'Last-Event-ID',
  'last_event_id',
  'session_id',
  'X-Session-Id',
];
/** What it says in words of every body. */
const BEYOND_JSON =
  /"body must not have a key '__proto__'|"body has the number -?\d+, which cannot be kept exactly/;

type Fail = (what: string) => never;

/** Throws when the answer is not one that the document knows for this request. */
export function checkAnswer(api: OpenApi, request: FuzzRequest, answer: WireAnswer): void {
  const fail: Fail = (what) => {
    const { status, headers, body } = answer;
    throw new Error(`${what}: ${status} ${JSON.stringify(headers)} ${body.toString().slice(0, 2000)}`);
  };
  if (answer.status >= 500) {
    fail('a request is answered with a fault of the service');
  }
  if (answer.headers['x-request-id'] === undefined) {
    fail('the answer has no X-Request-Id');
  }
  const isHead = request.method === 'HEAD';
  if (answer.status >= 400 && !isHead) {
    checkProblem(api, answer, fail);
  }
  if (request.kind === 'valid' && answer.status === 400) {
    checkMeant(answer, fail);
  }
  const methods = api.operationsAt(request.target);
  const operation = methods.find(({ method }) => method === (isHead ? 'GET' : request.method));
  if (
    operation !== undefined &&
    (operation.path.endsWith('/wait') || operation.path.endsWith('/stream')) &&
    isHead
  ) {
    // Who somebody is comes before what there is.
    checkStatus(answer, [405, ...TO_STRANGERS], fail);
  } else if (operation !== undefined) {
    checkDocumented(api, request, operation, answer, fail);
  } else if (methods.length > 0) {
    checkMethodRefused(request, answer, fail);
  } else if (!PAGES.test(request.target) || answer.status >= 400) {
    checkStatus(answer, [404, 405, ...tolerated(request)], fail);
  }
}

function tolerated({ kind }: FuzzRequest): readonly number[] {
  return kind === 'hostile' ? [...ANYWHERE, ...TO_STRANGERS] : kind === 'raw' ? ANYWHERE : [400];
}

function checkStatus({ status }: WireAnswer, allowed: readonly number[], fail: Fail): void {
  if (!allowed.includes(status)) {
    fail(`the status is none of ${allowed}`);
  }
}

/** RFC 9457, and what the document says of it. */
function checkProblem(api: OpenApi, answer: WireAnswer, fail: Fail): void {
  if (!/^application\/problem\+json\b/.test(answer.headers['content-type'] ?? '')) {
    fail('a refusal is not application/problem+json');
  }
  const problem = JSON.parse(answer.body.toString());
  const complaint = api.complaint(PROBLEM, problem);
  if (complaint !== null) {
    fail(`a problem is not of its schema (${complaint})`);
  }
  if (problem.status !== answer.status || problem.type !== `urn:sallyport:problem:${problem.code}`) {
    fail('a problem contradicts itself');
  }
  if (problem.code === 'validation-failed' && !(problem.errors?.length > 0)) {
    fail('a validation-failed names no field');
  }
}

/** What the document allows is not refused for its form. */
function checkMeant({ body }: WireAnswer, fail: Fail): void {
  const { errors = [] } = JSON.parse(body.toString()) as { errors?: { field: string }[] };
  const isMeant = errors.every(({ field }) => BEYOND_SCHEMAS.includes(field));
  if (!isMeant && !BEYOND_JSON.test(body.toString())) {
    fail('the document allows this request');
  }
}

/** One object, so that it is compiled once. */
const PROBLEM: Schema = { $ref: '#/components/schemas/Problem' };

function checkDocumented(
  api: OpenApi,
  request: FuzzRequest,
  { responses }: Operation,
  answer: WireAnswer,
  fail: Fail,
): void {
  const { status, headers, body } = answer;
  const documented = responses[status];
  if (documented === undefined) {
    checkStatus(answer, tolerated(request), fail);
    return;
  }
  for (const name of Object.keys(documented.headers ?? {})) {
    if (headers[name.toLowerCase()] === undefined) {
      fail(`the answer lacks its ${name}`);
    }
  }
  if (request.method === 'HEAD') {
    return;
  }
  const [type = ''] = (headers['content-type'] ?? '').split(';', 1);
  const schema = documented.content?.[type]?.schema;
  if (schema === undefined) {
    if (documented.content !== undefined || body.length > 0) {
      fail(`the answer is of an undocumented type '${type}'`);
    }
  } else if (type.endsWith('json')) {
    const complaint = api.complaint(schema, JSON.parse(body.toString()));
    if (complaint !== null) {
      fail(`the answer is not of its schema (${complaint})`);
    }
  }
}

function checkMethodRefused(request: FuzzRequest, answer: WireAnswer, fail: Fail): void {
  // A path without its id is none, whatever the method.
  const nowhere = EMPTY_ID.test(request.target) ? [404] : [];
  checkStatus(answer, [405, ...nowhere, ...tolerated(request)], fail);
  if (answer.status === 405 && answer.headers.allow === undefined) {
    fail('a 405 does not say what is allowed');
  }
}
