const REQUESTED_BY = '"requested_by":';
const DECIDED_BY = ',"decided_by":';
/**
 * Who asked, as it is written in an approval: `{"session_id":…,"principal":…}`, which names the session and its
 * principal. It is cut out, as parsing all that is pending would more than double the time of a start.
 *
 * Only the member itself can be what is found: a client chooses keys in `details` alone, which come before it; of what
 * comes after it, nothing has a key of this name. And no string contains it, as there every quote has a backslash before
 * it, and the last quote of this text has none. The same is true of the next member, looked for from there on.
 */
export function requesterIn(json) {
    const start = json.lastIndexOf(REQUESTED_BY) + REQUESTED_BY.length;
    return json.slice(start, json.indexOf(DECIDED_BY, start));
}
