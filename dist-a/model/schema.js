import { Type } from '@sinclair/typebox';
/** `schema` or null, as one JSON Schema `type` array, which reads better in documents and errors than `anyOf`. */
export function Nullable(schema) {
    const words = schema.enum === undefined ? {} : { enum: [...schema.enum, null] };
    return Type.Unsafe({ ...schema, ...words, type: [schema.type, 'null'] });
}
/** One of a closed set of words. */
export function Words(words, options = {}) {
    return Type.Unsafe({ type: 'string', enum: [...words], ...options });
}
/** Any JSON value. */
export function Json(description) {
    return Type.Unsafe({ description });
}
/** ISO 8601 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export function Time(description) {
    return Type.String({ format: 'date-time', description, examples: ['2026-11-23T10:15:30.123Z'] });
}
