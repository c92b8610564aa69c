import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);

// src/host/journal.ts
var StorageUnavailable = class extends Error {
  name = "StorageUnavailable";
};
var OutcomeUnknown = class extends Error {
  name = "OutcomeUnknown";
};
function eventJson(event) {
  return `{"seq":${event.seq},${event.head},"payload":${event.payload}}`;
}

export {
  StorageUnavailable,
  OutcomeUnknown,
  eventJson
};
