import { CommandFailed } from './exit.ts';
import { visible } from './visible.ts';

/**
 * What changes something, or goes out of the machine. MCP tools do what their servers do; those of our own server ask a
 * person themselves, so with the hook before them two questions would be asked.
 */
const MATCHER =
  '^(Bash|PowerShell|Monitor|Write|Edit|MultiEdit|NotebookEdit|WebFetch|WebSearch|mcp__(?!sallyport__(request_approval|approve)$).*)$';
/** How long Claude Code waits for the hook. */
const TIMEOUT_S = 3600;
/** The service answers a minute before, with a reason that the model can read. */
const WAIT_MS = (TIMEOUT_S - 60) * 1000;

type JsonObject = Record<string, unknown>;

/**
 * The text of `settings.json` with the hook in it and with everything that was there; `text` is null where there is no
 * file. The hook of another time, of the same path, is replaced where it stands; if it is there as it has to be, the text comes
 * back as it is. `path` is for sentences.
 */
export function withClaudeCodeHook(text: string | null, path: string, url: string): string {
  const settings = text === null || text.trim() === '' ? {} : parse(text, path);
  const hooks = objectIn(settings, 'hooks', path);
  const groups = listIn(hooks, 'PreToolUse', path);
  const wanted = { matcher: MATCHER, hooks: [hookOf(url)] };
  const ours = groups.find(isOurs);
  if (ours !== undefined && JSON.stringify(ours) === JSON.stringify(wanted) && text !== null) {
    return text;
  }
  const changed =
    ours === undefined ? [...groups, wanted] : groups.map((group) => (group === ours ? wanted : group));
  const after = { ...settings, hooks: { ...hooks, PreToolUse: changed } };
  return `${JSON.stringify(after, null, indentOf(text ?? ''))}\n`;
}

function hookOf(url: string): JsonObject {
  return {
    type: 'http',
    url: `${url}/hooks/claude-code?wait_ms=${WAIT_MS}`,
    headers: { Authorization: 'Bearer $SALLYPORT_TOKEN' },
    allowedEnvVars: ['SALLYPORT_TOKEN'],
    timeout: TIMEOUT_S,
    // Without it, a service that is down would let everything through.
    onFailure: 'block',
    statusMessage: 'Waiting for a person to decide in Sallyport',
  };
}

/** A group that this command has written: one hook alone, to our path. */
function isOurs(group: unknown): boolean {
  const hooks = (group as { hooks?: unknown } | null)?.hooks;
  const url = Array.isArray(hooks) && hooks.length === 1 ? (hooks[0] as JsonObject | null)?.url : undefined;
  return typeof url === 'string' && URL.parse(url)?.pathname.endsWith('/hooks/claude-code') === true;
}

function parse(text: string, path: string): JsonObject {
  try {
    return asObject(JSON.parse(text));
  } catch (error) {
    throw new CommandFailed(
      `${visible(path)} is not a JSON object, so nothing is changed; mend it first: ${visible((error as Error).message)}`,
    );
  }
}

function objectIn(parent: JsonObject, name: string, path: string): JsonObject {
  try {
    return asObject(parent[name] ?? {});
  } catch {
    throw new CommandFailed(
      `'${name}' in ${visible(path)} is no object, so nothing is changed; mend it first`,
    );
  }
}

function listIn(parent: JsonObject, name: string, path: string): unknown[] {
  const list = parent[name] ?? [];
  if (!Array.isArray(list)) {
    throw new CommandFailed(`'${name}' in ${visible(path)} is no list, so nothing is changed; mend it first`);
  }
  return list;
}

function asObject(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('it holds something else');
  }
  return value as JsonObject;
}

/** As the file has it. */
function indentOf(text: string): string {
  return /^\{\r?\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
}
