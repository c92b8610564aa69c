/** A session id has no space in it. */
export function presenceKey({ session_id, principal }) {
    return principal === null ? session_id : `${session_id} ${principal}`;
}
