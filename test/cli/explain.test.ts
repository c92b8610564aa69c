import { test } from 'tap';
import { explain, explainJson } from '../../src/cli/explain.ts';
import { SallyportError } from '../../src/client/index.ts';

test('all fields that are wrong are named, each once', async (t) => {
  const errors = [
    { field: 'action', message: 'is required' },
    { field: 'options', message: 'is a list' },
  ];
  const problem = {
    type: '',
    title: '',
    status: 400,
    code: 'validation-failed',
    detail: '',
    errors,
  } as const;
  const detail = 'action is required';
  const error = new SallyportError({
    code: 'validation-failed',
    status: 400,
    detail,
    problem: { ...problem, errors },
  });
  t.equal(explain(error, false), 'action is required; options is a list');
  t.strictSame(explainJson(error, false), {
    error: { code: 'validation-failed', status: 400, detail: 'action is required; options is a list' },
  });
});

test('what nobody has thought of is said without tokens and control characters', async (t) => {
  const error = new TypeError('no \u001b[2J spt_secret');
  t.strictSame(explainJson(error, true), {
    error: { code: 'failed', status: null, detail: 'no \\x1b[2J (a credential)' },
  });
});
