import { SallyportError } from '../client/index.ts';
import { visible, withoutTokens } from './visible.ts';

/** What went wrong, as a sentence that says what to do. */
export function explain(error: unknown, hasToken: boolean): string {
  return visible(withoutTokens(sentence(error, hasToken)));
}

/** For `--json`: the same for programs. */
export function explainJson(error: unknown, hasToken: boolean) {
  const { code = 'failed', status = null } = error instanceof SallyportError ? error : {};
  return { error: { code, status, detail: explain(error, hasToken) } };
}

function sentence(error: unknown, hasToken: boolean): string {
  if (!(error instanceof SallyportError)) {
    return (error as Error).message;
  }
  const { code, status, detail, problem } = error;
  if (status === 401) {
    return `${detail}: ${hasToken ? BAD_TOKEN : NO_TOKEN}`;
  }
  if (code === 'unreachable') {
    return `${detail}. Is the service running, and SALLYPORT_URL right? 'sallyport' starts one`;
  }
  const others = problem?.errors?.map(({ field, message }) => `${field} ${message}`) ?? [];
  const unsaid = others.filter((other) => !detail.includes(other));
  return [detail, ...unsaid].join('; ');
}

const NO_TOKEN =
  "set SALLYPORT_TOKEN to a token, which 'sallyport token create --name NAME --role agent' makes where the service runs";
const BAD_TOKEN = 'the credential in SALLYPORT_TOKEN is not taken; set it to one that is good';
