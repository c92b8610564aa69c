const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];
/** Whether requests with this method change nothing (RFC 9110, section 9.2.1). */
export function isSafe(method) {
    return SAFE_METHODS.includes(method);
}
