import type { Test } from 'tap';
import type { Answer } from '../client.ts';

type Told = Pick<Answer, 'status' | 'headers' | 'body'>;

/** The answer is this problem, with the members that are documented and no others. `fields`: those of `errors`. */
export function isProblem(
  t: Test,
  answer: Told,
  status: number,
  code: string,
  fields?: readonly string[],
): void {
  const { errors, agent, approval, ...members } = answer.body ?? {};
  const { title, detail } = members;
  t.strictSame(
    {
      status: answer.status,
      contentType: answer.headers['content-type']?.split(';', 1)[0],
      members,
      hasErrors: Array.isArray(errors),
      fields: fields && errors?.map(({ field }: { field: string }) => field),
    },
    {
      status,
      contentType: 'application/problem+json',
      members: { type: `urn:sallyport:problem:${code}`, title, status, detail, code },
      hasErrors: code === 'validation-failed',
      fields,
    },
    `${status} ${code} ${fields ?? ''}`,
  );
  t.match(
    { title, detail, id: answer.headers['x-request-id'] },
    { title: /\S/, detail: /\S/, id: /^request-/ },
  );
}
