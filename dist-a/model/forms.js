import { KIND_FILTER_PATTERN, KIND_PATTERN } from './event.js';
import { NAME_FORM, NAME_PATTERN } from './session.js';
import { TOKEN_NAME_FORM, TOKEN_NAME_PATTERN } from './token.js';
/** What the patterns of requests ask for, in words: nobody should have to read one. */
export const FORMS = {
    [NAME_PATTERN]: NAME_FORM,
    [KIND_PATTERN]: '1-100 characters of a-z 0-9 . _ -',
    [KIND_FILTER_PATTERN]: 'a kind, such as approval.requested, or a family, such as approval.*',
    [TOKEN_NAME_PATTERN]: TOKEN_NAME_FORM,
};
