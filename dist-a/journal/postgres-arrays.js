/** The element types that are sent, with their object ids in the database. */
const OIDS = { text: 25, bigint: 20, integer: 23 };
const HEADER_BYTES = 20;
/**
 * An array parameter in the database's binary format. The text format has every quote of every JSON text escaped here and
 * unescaped there, which cost a writer more than all the rest that it does.
 *
 * Five 32-bit integers (dimensions, whether there are nulls, the elements' type, how many, the first index), then for each
 * element its length (-1: null) and its bytes: `array_recv` in PostgreSQL's arrayfuncs.c.
 */
export function binaryArray(type, values) {
    const lengths = values.map((value) => bytesOf(type, value));
    const size = lengths.reduce((sum, length) => sum + 4 + Math.max(0, length), HEADER_BYTES);
    const buffer = Buffer.allocUnsafe(size);
    let at = 0;
    for (const integer of [1, 1, OIDS[type], values.length, 1])
        at = buffer.writeInt32BE(integer, at);
    values.forEach((value, index) => {
        const length = lengths[index];
        at = buffer.writeInt32BE(length, at);
        if (typeof value === 'string')
            buffer.write(value, at, 'utf8');
        else if (length === 8)
            buffer.writeBigInt64BE(BigInt(value), at);
        else if (length === 4)
            buffer.writeInt32BE(value, at);
        at += Math.max(0, length);
    });
    return buffer;
}
function bytesOf(type, value) {
    if (value === null)
        return -1;
    if (type === 'text')
        return Buffer.byteLength(value);
    return type === 'bigint' ? 8 : 4;
}
