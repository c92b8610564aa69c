import { KIND_FILTER_PATTERN, KIND_PATTERN } from './event.ts';
import {
  HOOK_EVENT_FORM,
  HOOK_EVENT_PATTERN,
  HOOK_SESSION_FORM,
  HOOK_SESSION_PATTERN,
  TOOL_FILTER_FORM,
  TOOL_FILTER_PATTERN,
  TOOL_NAME_FORM,
  TOOL_NAME_PATTERN,
} from './hook.ts';
import { NAME_FORM, NAME_PATTERN } from './session.ts';
import { TOKEN_NAME_FORM, TOKEN_NAME_PATTERN } from './token.ts';

/** What the patterns of requests ask for, in words: nobody should have to read one. */
export const FORMS: Readonly<Record<string, string>> = {
  [NAME_PATTERN]: NAME_FORM,
  [KIND_PATTERN]: '1-100 characters of a-z 0-9 . _ -',
  [KIND_FILTER_PATTERN]: 'a kind, such as approval.requested, or a family, such as approval.*',
  [TOKEN_NAME_PATTERN]: TOKEN_NAME_FORM,
  [HOOK_EVENT_PATTERN]: HOOK_EVENT_FORM,
  [HOOK_SESSION_PATTERN]: HOOK_SESSION_FORM,
  [TOOL_NAME_PATTERN]: TOOL_NAME_FORM,
  [TOOL_FILTER_PATTERN]: TOOL_FILTER_FORM,
};
