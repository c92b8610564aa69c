/** A test for events, made once per filter. Undefined: every event passes. */
export function eventTest(filter) {
    const { kinds, agentId } = filter;
    if (kinds.length === 0) {
        return agentId === null ? undefined : (event) => event.agentId === agentId;
    }
    const exact = new Set(kinds.filter((kind) => !kind.endsWith('.*')));
    const families = kinds.filter((kind) => kind.endsWith('.*')).map((kind) => kind.slice(0, -1));
    return (event) => (agentId === null || event.agentId === agentId) &&
        (exact.has(event.kind) || families.some((family) => event.kind.startsWith(family)));
}
