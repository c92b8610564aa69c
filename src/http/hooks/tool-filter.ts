/** Whether a tool is one of those that need a person. `filters`: lists of names, of which one may end with `*`. */
export function needsPerson(filters: readonly string[] | undefined, toolName: string): boolean {
  return (
    filters === undefined ||
    filters
      .flatMap((filter) => filter.split(','))
      .some((name) => (name.endsWith('*') ? toolName.startsWith(name.slice(0, -1)) : toolName === name))
  );
}
