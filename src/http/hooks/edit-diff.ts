/** Lines of both sides that are the same, shown around what differs. */
const CONTEXT_LINES = 3;

interface Edit {
  readonly before: string;
  readonly after: string;
}

/** What a tool does to a file, as people read it: a diff. Undefined: the input is of no tool that is known to edit. */
export function editDiff(toolInput: unknown): string | undefined {
  const input = (toolInput ?? {}) as Record<string, unknown>;
  const { file_path: path, edits, content } = input;
  if (typeof path !== 'string') {
    return undefined;
  }
  const parts = (Array.isArray(edits) ? edits : [input]).map(editIn);
  if (parts.every((part) => part !== undefined)) {
    return [`--- ${path}`, `+++ ${path}`, ...parts.flatMap(hunk)].join('\n');
  }
  // Whether the file is there already is not known here: its old content is not shown as if there were none.
  return typeof content === 'string'
    ? [`+++ ${path}`, '@@ the whole file @@', ...marked('+', content.split('\n'))].join('\n')
    : undefined;
}

function editIn(value: unknown): Edit | undefined {
  const { old_string: before, new_string: after } = (value ?? {}) as Record<string, unknown>;
  return typeof before === 'string' && typeof after === 'string' ? { before, after } : undefined;
}

function hunk({ before, after }: Edit): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const shorter = Math.min(old.length, now.length);
  const start = firstDifference(shorter, (index) => old[index] === now[index]);
  const same = firstDifference(
    shorter - start,
    (index) => old[old.length - 1 - index] === now[now.length - 1 - index],
  );
  const [oldEnd, nowEnd] = [old.length - same, now.length - same];
  return [
    '@@',
    ...marked(' ', old.slice(Math.max(0, start - CONTEXT_LINES), start)),
    ...marked('-', old.slice(start, oldEnd)),
    ...marked('+', now.slice(start, nowEnd)),
    ...marked(' ', old.slice(oldEnd, oldEnd + CONTEXT_LINES)),
  ];
}

function firstDifference(length: number, isSame: (index: number) => boolean): number {
  let index = 0;
  while (index < length && isSame(index)) {
    index += 1;
  }
  return index;
}

function marked(mark: string, lines: readonly string[]): string[] {
  return lines.map((line) => mark + line);
}
