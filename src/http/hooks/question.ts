import type { AskedApproval } from '../../host/commands.ts';
import { DEFAULT_APPROVE_LABEL, DEFAULT_OPTIONS } from '../../model/approval.ts';
import type { HookCall } from '../../model/hook.ts';
import { invalid, ProblemError } from '../problems.ts';
import { editDiff } from './edit-diff.ts';
import { KEPT_MS } from './left-open.ts';

/** In code points: as long as an action may be. */
const ACTION_MAX = 500;
/** The members of a tool's input that say in a line what it is about, the first that there is. */
const TELLING = [
  'command',
  'file_path',
  'notebook_path',
  'path',
  'url',
  'query',
  'pattern',
  'description',
] as const;

/** A call of a tool that is to be decided. */
export interface ToolCall extends HookCall {
  readonly tool_name: string;
}

/** Throws a 400 for an event that asks and does not say what. */
export function toolCallIn(call: HookCall): ToolCall {
  const { tool_name, tool_input } = call;
  if (tool_name === undefined) {
    throw invalid('tool_name', 'is required');
  }
  if (tool_input === undefined) {
    throw invalid('tool_input', 'is required');
  }
  return { ...call, tool_name };
}

/**
 * What a person is asked. Throws when they could not be shown all of it. `maxJsonBytes`: characters of `details`. When
 * nobody can act on a decision any more it expires: the node that the hook waits on may be killed.
 */
export function questionOf(call: ToolCall, maxJsonBytes: number, waitMs: number): AskedApproval {
  return {
    agent_id: null,
    action: actionOf(call),
    details: detailsOf(call, maxJsonBytes),
    options: DEFAULT_OPTIONS,
    approve_label: DEFAULT_APPROVE_LABEL,
    system_level: true,
    expires_in_ms: waitMs + KEPT_MS,
  };
}

/** The tool and what it is about, in one line. What is left out is in `details`. */
export function actionOf({ tool_name, tool_input }: ToolCall): string {
  const input = (tool_input ?? {}) as Record<string, unknown>;
  const about = TELLING.map((name) => input[name]).find((value) => typeof value === 'string' && value !== '');
  return cut(about === undefined ? tool_name : `${tool_name}: ${about}`, ACTION_MAX);
}

/** The text in one line of at most so many code points; the sign of what was cut is one of them. */
export function cut(text: string, max: number): string {
  // Line breaks stay to be seen: what is behind one is another command. Never more is looked at than is shown.
  const line = text
    .slice(0, max * 4)
    .trim()
    .replaceAll(/[ \t]*(?:\r\n|[\n\v\f\r\u0085\u2028\u2029])\s*/g, ' ⏎ ');
  const points = [...line];
  const isWhole = points.length <= max && text.length <= max * 4;
  return isWhole ? line : `${points.slice(0, max - 1).join('')}…`;
}

function detailsOf(call: ToolCall, maxLength: number): object {
  const { tool_name, tool_input, cwd, permission_mode, transcript_path } = call;
  const whole = { tool_name, tool_input, cwd, permission_mode, transcript_path };
  const length = JSON.stringify(whole).length;
  if (length > maxLength) {
    throw new ProblemError(
      'payload-too-large',
      `the tool's input is ${length} characters of JSON, and a person is shown ${maxLength} at most (SALLYPORT_MAX_JSON_BYTES), never a part; make several smaller calls`,
    );
  }
  // The same once more, for the eye, as far as there is room.
  const { command } = (tool_input ?? {}) as { readonly command?: unknown };
  const eased = {
    ...(typeof command === 'string' ? { command } : {}),
    ...{ diff: editDiff(tool_input) },
    ...whole,
  };
  return JSON.stringify(eased).length > maxLength ? whole : eased;
}
