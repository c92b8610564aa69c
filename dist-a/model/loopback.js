/** Whether an address or a name is this machine itself (RFC 6761, section 6.3; RFC 5735, section 4). */
export function isLoopback(name) {
    return (name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name));
}
