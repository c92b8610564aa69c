import type { WireAnswer } from './answer-reader.ts';
import type { Exchanged } from './exchange.ts';
import type { FuzzRequest } from './fuzz-request.ts';
import type { Recorded } from './log-watch.ts';
import type { OpenApi, Operation } from './openapi.ts';

/** Each of these records an event whenever it succeeds; the other changes may find that it is so already. */
const ALWAYS_RECORDED = ['registerAgent', 'setAgentStatus', 'unregisterAgent', 'notify'];

const OWED_MS = 1000;

/** Holds what was recorded against what was answered. */
export class ChangeCheck {
  readonly #api: OpenApi;
  /** Waits whose client went away before their approval was recorded: until when it may be. */
  #owed: number[] = [];

  constructor(api: OpenApi) {
    this.#api = api;
  }

  /** `news`: what has been recorded since before the request. Throws when that is more, or less, than was answered. */
  check(request: FuzzRequest, { answers, isAbandoned }: Exchanged, news: readonly Recorded[]): void {
    const [answer] = answers;
    const now = performance.now();
    this.#owed = this.#owed.filter((until) => until > now);
    const operation = this.#api
      .operationsAt(request.target)
      .find(({ method, responses }) => method === request.method && isChange(responses));
    const accepted = answers.filter(({ status }) => status < 400).length;
    // That its time was over is recorded when anybody asks, or nobody.
    const own = news.filter(({ kind }) => kind !== 'approval.expired');
    const late = own.filter(({ kind }) => kind === 'approval.requested').slice(0, this.#owed.length).length;
    const most = operation === undefined ? 0 : isAbandoned && request.bytes === undefined ? 1 : accepted;
    if (own.length > most + late) {
      throw new Error(`refused with ${answer?.status}, yet recorded: ${JSON.stringify(own)}`);
    }
    if (isAbandoned && operation?.operationId === 'waitForNewApproval' && own.length === 0) {
      this.#owed.push(now + OWED_MS);
    } else if (own.length > most) {
      this.#owed.splice(0, own.length - most);
    }
    if (operation !== undefined && answers.length === 1 && answer !== undefined && answer.status < 400) {
      checkAccepted(operation, answer, own, news.at(-1)?.seq);
      this.#checkBody(request, operation);
    }
  }

  /** What was taken is what the document says may be sent. */
  #checkBody({ body }: FuzzRequest, { requestBody }: Operation): void {
    const schema = requestBody?.content['application/json']?.schema;
    if (schema !== undefined) {
      const value = body === undefined || body.length === 0 ? {} : JSON.parse(body.toString());
      const complaint = this.#api.complaint(schema, value);
      if (complaint !== null) {
        throw new Error(`a body was taken that is not of its schema: ${complaint}`);
      }
    }
  }
}

function isChange(responses: Operation['responses']): boolean {
  return Object.values(responses).some(({ headers }) => headers !== undefined && 'Sallyport-Seq' in headers);
}

function checkAccepted(
  { operationId }: Operation,
  { status, headers }: WireAnswer,
  own: readonly Recorded[],
  newest: number | undefined,
): void {
  const isNew = ALWAYS_RECORDED.includes(operationId) || status === 201;
  if (isNew && own.length === 0) {
    throw new Error(`answered with ${status}, and nothing was recorded`);
  }
  const seq = Number(headers['sallyport-seq']);
  const first = own[0]?.seq ?? 0;
  if (!(seq >= first) || (newest !== undefined && seq > newest)) {
    throw new Error(`Sallyport-Seq is ${headers['sallyport-seq']}, recorded were ${JSON.stringify(own)}`);
  }
}
