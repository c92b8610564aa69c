import { type Static, Type } from '@sinclair/typebox';
import { Json, Nullable, Words } from './schema.ts';

/** What agents' own hooks send, and what they are answered: not of our making, so a member that is not known is accepted. */

export const HOOK_EVENT_PATTERN = '^[A-Za-z0-9_]{1,100}$';
export const HOOK_EVENT_FORM = '1-100 letters, digits or _';
/** With the kind of the agent before it, it names a session. */
export const HOOK_SESSION_PATTERN = '^[A-Za-z0-9._:-]{1,116}$';
export const HOOK_SESSION_FORM = '1-116 characters of A-Z a-z 0-9 . _ : -';
export const TOOL_NAME_PATTERN = '^\\S{1,200}$';
export const TOOL_NAME_FORM = '1-200 characters, none of them white space';
export const TOOL_FILTER_PATTERN = '^([A-Za-z0-9_.:-]+\\*?|\\*)(,([A-Za-z0-9_.:-]+\\*?|\\*))*$';
export const TOOL_FILTER_FORM = 'names of tools, separated by commas; one may end with *';

/** 9 minutes: below the ten after which Claude Code and Codex give up a hook. */
export const HOOK_WAIT_DEFAULT_MS = 540_000;
/** A day. */
export const HOOK_WAIT_MAX_MS = 86_400_000;

/** The events that ask. Every other one only tells. */
export const QUESTION_EVENTS = ['PreToolUse', 'PermissionRequest'] as const;
export type QuestionEvent = (typeof QUESTION_EVENTS)[number];

const Text = Type.Optional(Nullable(Type.String()));

export const HookCall = Type.Object(
  {
    hook_event_name: Type.String({
      pattern: HOOK_EVENT_PATTERN,
      description: '`PreToolUse` and `PermissionRequest` ask; the others tell what the agent does.',
    }),
    session_id: Type.String({
      pattern: HOOK_SESSION_PATTERN,
      description: "Names the agent's session, within the credential's principal.",
    }),
    cwd: Text,
    permission_mode: Text,
    transcript_path: Text,
    tool_name: Type.Optional(Type.String({ pattern: TOOL_NAME_PATTERN })),
    tool_input: Type.Optional(Json('What the tool is called with.')),
    tool_use_id: Type.Optional(
      Nullable(
        Type.String({
          minLength: 1,
          maxLength: 500,
          description: 'The same call again joins the same approval.',
        }),
      ),
    ),
  },
  {
    title: 'HookCall',
    additionalProperties: true,
    description: "The body of an agent's hook. Members that are not known here are accepted.",
    examples: [
      {
        session_id: '4c0a6f3e-8d0f-4a59-9a41-6f0f1a2b3c4d',
        transcript_path: '/home/ann/.claude/projects/app/4c0a6f3e.jsonl',
        cwd: '/srv/app',
        permission_mode: 'default',
        hook_event_name: 'PreToolUse',
        tool_name: 'Bash',
        tool_input: { command: 'npm test' },
        tool_use_id: 'toolu_01A',
      },
    ],
  },
);
export type HookCall = Static<typeof HookCall>;

const QUERY = {
  tools: Type.Optional(
    Type.Array(Type.String({ pattern: TOOL_FILTER_PATTERN }), {
      maxItems: 50,
      description:
        'The tools that need a person, separated by commas: `Bash,Write,mcp__github__*`. Not given: all of them.',
    }),
  ),
  wait_ms: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: HOOK_WAIT_MAX_MS,
      default: HOOK_WAIT_DEFAULT_MS,
      description: 'How long a person has, in milliseconds. Less than the time limit of the hook.',
    }),
  ),
  event: Type.Optional(
    Words(QUESTION_EVENTS, {
      description: 'The event that the hook is for: the form of a deny when the body cannot be read.',
    }),
  ),
};

export const ClaudeCodeQuery = Type.Object(
  {
    ...QUERY,
    unmatched: Type.Optional(
      Words(['allow', 'ask'] as const, {
        default: 'ask',
        description: 'What the other tools get. `ask`: Claude Code asks its own user.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const CodexQuery = Type.Object(
  {
    ...QUERY,
    unmatched: Type.Optional(
      Words(['allow'] as const, {
        default: 'allow',
        description: 'The other tools go on by the rules of Codex itself: a hook cannot have it ask.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type HookQuery = Static<typeof ClaudeCodeQuery>;

const Decision = Type.Object(
  { behavior: Words(['allow', 'deny'] as const), message: Type.Optional(Type.String()) },
  { additionalProperties: false },
);

export const HookAnswer = Type.Object(
  {
    hookSpecificOutput: Type.Optional(
      Type.Object(
        {
          hookEventName: Words(QUESTION_EVENTS),
          permissionDecision: Type.Optional(Words(['allow', 'deny', 'ask'] as const)),
          permissionDecisionReason: Type.Optional(Type.String()),
          decision: Type.Optional(Decision),
        },
        { additionalProperties: false },
      ),
    ),
  },
  {
    title: 'HookAnswer',
    additionalProperties: false,
    description:
      "In the form that the agent's program reads. `{}` is no opinion: the program goes on by its own rules.",
    examples: [
      {
        hookSpecificOutput: {
          hookEventName: 'PreToolUse',
          permissionDecision: 'deny',
          permissionDecisionReason: 'denied by token:ann: run the unit tests only',
        },
      },
    ],
  },
);
export type HookAnswer = Static<typeof HookAnswer>;
