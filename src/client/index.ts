/** `import { Sallyport } from 'sallyport/client'`: for Node and browsers; it needs `fetch` and nothing else. */

export type { Agents } from './agents.ts';
export type * from './api.ts';
export type { Approvals } from './approvals.ts';
export type { AskOptions, Question, RequestOptions, WaitOptions } from './ask.ts';
export type { CallOptions } from './call-options.ts';
export { type ErrorCode, SallyportError } from './error.ts';
export type { EventStream, StreamOptions } from './event-stream.ts';
export { type Events, Sallyport, type SallyportOptions } from './sallyport.ts';
