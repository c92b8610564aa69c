import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { FORMS } from '../model/forms.js';
import { ProblemError } from './problems.js';
const ajv = new Ajv({ allowUnionTypes: true, strictTypes: false, keywords: ['example'] });
addFormats.default(ajv);
/**
 * Checks exactly: nothing is coerced, dropped or filled in. A query's text is read as the type its parameter has, and
 * a body that was not sent is `{}`. Headers are checked where they are read: each has a problem of its own.
 */
export const compileValidator = ({ schema, httpPart }) => {
    if (httpPart === 'headers') {
        return () => true;
    }
    const validate = ajv.compile(schema);
    const read = httpPart === 'querystring' ? queryReader(schema) : (data) => data ?? {};
    return (data) => {
        const value = read(data);
        return validate(value)
            ? { value }
            : { error: problem(validate.errors, httpPart === 'querystring') };
    };
};
/** Reads numbers and booleans from their text, and one value as a list of one. What does not fit stays text. */
function queryReader({ properties }) {
    return (data) => {
        const query = {};
        for (const [name, text] of Object.entries(data)) {
            query[name] = typeof text === 'string' ? readText(properties[name]?.type, text) : text;
        }
        return query;
    };
}
function readText(type, text) {
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
function problem(errors, isQuery) {
    // A parameter that may come several times is a list to us, not to whoever wrote it once.
    const fields = errors
        .map(fieldError)
        .map(({ field, message }) => ({ field: isQuery ? field.replace(/\.\d+$/, '') : field, message }));
    const detail = fields.map(({ field, message }) => `${field} ${message}`).join('; ');
    return new ProblemError('validation-failed', detail, { errors: fields });
}
function fieldError(error) {
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
