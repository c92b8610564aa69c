import { type Static, type TSchema, Type } from '@sinclair/typebox';

/** `schema` or null, as one JSON Schema `type` array, which reads better in documents and errors than `anyOf`. */
export function Nullable<T extends TSchema>(schema: T) {
  const words = schema.enum === undefined ? {} : { enum: [...schema.enum, null] };
  return Type.Unsafe<Static<T> | null>({ ...schema, ...words, type: [schema.type, 'null'] });
}

/** One of a closed set of words. */
export function Words<const T extends readonly string[]>(words: T, options: object = {}) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...words], ...options });
}

/** Any JSON value. */
export function Json(description: string) {
  return Type.Unsafe<unknown>({ description });
}

/** ISO 8601 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export function Time(description: string) {
  return Type.String({ format: 'date-time', description, examples: ['2026-11-23T10:15:30.123Z'] });
}
