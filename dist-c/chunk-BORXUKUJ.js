import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);

// src/credentials/paths.ts
import { dirname, join } from "node:path";
function credentialPaths(store, tokensFile) {
  const log = /^sqlite:(?!:memory:)(.+)$/s.exec(store)?.[1];
  const beside = log ?? tokensFile;
  if (beside === null) {
    return null;
  }
  const folder = dirname(beside);
  return {
    tokens: tokensFile ?? join(folder, "tokens.json"),
    logins: join(folder, "logins.json"),
    adminToken: join(folder, "admin-token")
  };
}

export {
  credentialPaths
};
