/** What no second command may touch meanwhile. An idempotency key counts as an entity. */
export function lockOf(command) {
    switch (command.type) {
        case 'notify':
            return undefined;
        case 'create-approval':
            return command.key === null ? undefined : `key:${command.key.id}`;
        case 'register-agent':
        case 'set-agent-status':
        case 'unregister-agent':
            return `agent:${command.id}`;
        case 'resolve-approval':
        case 'cancel-approval':
        case 'expire-approval':
            return `approval:${command.id}`;
    }
}
