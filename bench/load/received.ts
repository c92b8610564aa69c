/**
 * Where every connection of the load program reads into: what is in it is looked at before the next one reads, so one
 * will do, and no read allocates anything.
 */
export const RECEIVED = Buffer.alloc(256 * 1024);
