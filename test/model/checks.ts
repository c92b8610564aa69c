import type { TSchema } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

/** As requests are checked: nothing coerced, dropped or filled in. */
const ajv = addFormats.default(
  new Ajv({ allowUnionTypes: true, strictTypes: false, keywords: ['example'], allErrors: true }),
);

/** What is wrong with the value, as `path keyword`; empty: nothing. */
export function errorsOf(schema: TSchema, value: unknown): string[] {
  const validate = ajv.compile(schema);
  return validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, keyword, params }) => {
        const name = params.additionalProperty ?? params.missingProperty;
        return `${instancePath}${name === undefined ? '' : `/${name}`} ${keyword}`;
      });
}

export function isValid(schema: TSchema, value: unknown): boolean {
  return errorsOf(schema, value).length === 0;
}
