import type { TSchema } from '@sinclair/typebox';
import { Type } from '@sinclair/typebox';
import { Problem } from '../model/problem.ts';

/** How routes say what they can answer: the parts of their schemas that recur. */

const SEQ_HEADER = {
  'Sallyport-Seq': Type.Integer({ description: 'The newest `seq` that this answer includes.' }),
};
const LOCATION_HEADER = { Location: Type.String({ description: 'Where it is: a path.' }) };

const PROBLEMS = {
  400: 'The request is not valid; `errors` names at least the first field.',
  403: 'It belongs to another session.',
  404: 'There is no such thing.',
  409: 'It is not in a state for this; the problem carries it.',
  413: 'The body is larger than `SALLYPORT_MAX_BODY_BYTES`.',
  415: 'The body is not `application/json`.',
  422: 'It is understood, and cannot be.',
  429: 'Too many waits at once; try again after `Retry-After`.',
  500: 'Something went wrong in the service.',
  503: 'Not at the moment; try again after `Retry-After`.',
} as const;

type Status = keyof typeof PROBLEMS;

const RETRY_HEADER = { 'Retry-After': Type.Integer({ description: 'Seconds to wait before the next try.' }) };

/** The problems that a route can answer with. */
export function problems(...statuses: Status[]) {
  return Object.fromEntries([...statuses, 500 as const].map((status) => [status, problem(status)]));
}

function problem(status: Status) {
  const content = { 'application/problem+json': { schema: Problem } };
  const headers = status === 429 || status === 503 ? { headers: RETRY_HEADER } : {};
  return { description: PROBLEMS[status], content, ...headers };
}

/** A JSON answer. */
export function answer(description: string, schema: TSchema) {
  return { description, content: { 'application/json': { schema } } };
}

/** A JSON answer to a change. */
export function changed(description: string, schema: TSchema) {
  return { ...answer(description, schema), headers: SEQ_HEADER };
}

/** A JSON answer to what was created. */
export function created(description: string, schema: TSchema) {
  return { ...answer(description, schema), headers: { ...SEQ_HEADER, ...LOCATION_HEADER } };
}

/** The id in a path. Any text will do: what does not exist is a 404. */
export function idIn(what: string) {
  return Type.Object({ id: Type.String({ description: `The id of the ${what}.` }) });
}

/** The query of a route that takes none. */
export const NoQuery = Type.Object({}, { additionalProperties: false });
