import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';
import { FORMS } from '../model/forms.ts';
import type { FieldError } from '../model/problem.ts';
import { ProblemError } from './problems.ts';

/** The schemas are ours, and a test checks them: doing it here would be a tenth of the time of a start. */
const ajv = new Ajv({
  allowUnionTypes: true,
  strictTypes: false,
  keywords: ['example'],
  meta: false,
  validateSchema: false,
});
addFormats.default(ajv);

/**
 * Checks exactly: nothing is coerced, dropped or filled in. A query's text is read as the type its parameter has, and
 * a body that was not sent is `{}`. Headers are checked where they are read: each has a problem of its own. A check is
 * made when it is first needed, as making all of them would be another tenth of a start.
 */
export const compileValidator: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
  if (httpPart === 'headers') {
    return () => true;
  }
  let check: ValidateFunction | undefined;
  const read =
    httpPart === 'querystring' ? queryReader(schema as ObjectSchema) : (data: unknown) => data ?? {};
  return (data: unknown) => {
    const value = read(data);
    check ??= ajv.compile(schema);
    return check(value)
      ? { value }
      : { error: problem(check.errors as ErrorObject[], httpPart === 'querystring') };
  };
};

interface ObjectSchema {
  readonly properties: Record<string, { readonly type: string }>;
}

/** Reads numbers and booleans from their text, and one value as a list of one. What does not fit stays text. */
function queryReader({ properties }: ObjectSchema) {
  return (data: unknown): Record<string, unknown> => {
    const query: Record<string, unknown> = {};
    for (const [name, text] of Object.entries(data as Record<string, string | string[]>)) {
      query[name] = typeof text === 'string' ? readText(properties[name]?.type, text) : text;
    }
    return query;
  };
}

function readText(type: string | undefined, text: string): unknown {
  switch (type) {
    case 'integer':
      return /^-?(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    case 'array':
      return [text];
    default:
      return text;
  }
}

function problem(errors: readonly ErrorObject[], isQuery: boolean): ProblemError {
  // A parameter that may come several times is a list to us, not to whoever wrote it once.
  const fields = errors
    .map(fieldError)
    .map(({ field, message }) => ({ field: isQuery ? field.replace(/\.\d+$/, '') : field, message }));
  const detail = fields.map(({ field, message }) => `${field} ${message}`).join('; ');
  return new ProblemError('validation-failed', detail, { errors: fields });
}

function fieldError(error: ErrorObject): FieldError {
  // A JSON pointer (RFC 6901); our own names and places in lists need none of its escapes.
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  const inside = path === '' ? '' : `${path}.`;
  switch (error.keyword) {
    case 'required':
      return { field: inside + error.params.missingProperty, message: 'is required' };
    case 'additionalProperties':
      return { field: inside + error.params.additionalProperty, message: 'is not known here' };
    case 'enum':
      return { field: path, message: `must be one of ${error.params.allowedValues.join(', ')}` };
    case 'type':
      return { field: path, message: `must be ${[error.params.type].flat().join(' or ')}` };
    case 'pattern':
      return { field: path, message: `must be ${FORMS[error.params.pattern]}` };
    default:
      return { field: path, message: String(error.message).replace('NOT', 'not') };
  }
}
