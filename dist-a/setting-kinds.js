export function textLike(pattern, accepts) {
    return { accepts, parse: (text) => (pattern.test(text) ? text : undefined) };
}
export function wholeNumber(least, most) {
    return {
        accepts: `a whole number from ${least} to ${most}`,
        parse: (text) => {
            const number = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
            return number >= least && number <= most ? number : undefined;
        },
    };
}
export function httpUrl() {
    return {
        accepts: 'an http or https URL without a query',
        parse: (text) => /^https?:\/\/[^\s?#@]+$/i.test(text) && URL.canParse(text)
            ? new URL(text).href.replace(/\/+$/, '')
            : undefined,
    };
}
/** With commas between. */
export function list(pattern, of) {
    return {
        accepts: `${of}, with commas between`,
        parse: (text) => {
            const items = text.split(',').map((item) => item.trim().toLowerCase());
            const given = items.filter((item) => item !== '');
            return given.every((item) => pattern.test(item)) ? given : undefined;
        },
    };
}
export function flag() {
    return {
        accepts: '`true` or `false`',
        parse: (text) => (text === 'true' || text === 'false' ? text === 'true' : undefined),
    };
}
