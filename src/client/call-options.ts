/** What every call takes. */
export interface CallOptions {
  /** The call is given up when it is aborted, and rejects with the reason. */
  readonly signal?: AbortSignal | undefined;
}
