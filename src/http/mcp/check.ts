import type { TSchema } from '@sinclair/typebox';
import type { ProblemError } from '../problems.ts';
import { compileValidator } from '../validation.ts';

/** Throws a ProblemError that names the field; nothing is `{}`. */
export function checkOf<T>(schema: TSchema): (value: unknown) => T {
  const validate = compileValidator({ schema, httpPart: 'body', method: 'POST', url: '/mcp' });
  return (data) => {
    const { error, value } = validate(data) as { error?: ProblemError; value?: T };
    if (error !== undefined) {
      throw error;
    }
    return value as T;
  };
}
