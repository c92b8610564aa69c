/** Tokens and JWTs as they are, or in a parameter whose name says that it is one. */
const CREDENTIAL = /spt(_|%5f)[\w%-]+|eyJ[\w-]+\.[\w.-]*|(?<=\btoken=|_token=)[^&\s]+/gi;
/** A text as it may be logged and shown: somebody may have put a credential where none belongs. */
export function withoutCredentials(text) {
    return text.replaceAll(CREDENTIAL, '...');
}
