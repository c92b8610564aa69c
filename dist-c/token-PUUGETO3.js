import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);
import {
  UsageError
} from "./chunk-IVCN7ZWN.js";
import {
  CannotWrite,
  EXPIRES_DAYS_MAX,
  TOKEN_NAME_FORM,
  TokenFile,
  expiryAfter,
  isTokenName,
  shown,
  stateOf
} from "./chunk-PZ7LDVZ7.js";
import {
  credentialPaths
} from "./chunk-BORXUKUJ.js";
import {
  SETTINGS
} from "./chunk-KJRQW6KF.js";
import {
  ROLES,
  isRole
} from "./chunk-SXLOPQD2.js";
import "./chunk-VF57VZD3.js";

// src/cli/token-command.ts
import { parseArgs } from "node:util";
var FLAGS = {
  name: { type: "string" },
  role: { type: "string" },
  expires: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  store: { type: "string" },
  "tokens-file": { type: "string" }
};
var EVERYWHERE = ["json", "store", "tokens-file"];
var VERBS = {
  create: ["name", "role", "expires"],
  list: [],
  rotate: ["name", "expires"],
  revoke: ["name"]
};
function readTokenCommand(argv, environment) {
  const { values, positionals } = parse(argv);
  const [verb, ...names] = positionals;
  if (values.help === true || verb === void 0 && argv.length === 0) {
    return "help";
  }
  if (!isVerb(verb)) {
    throw new UsageError(`the commands are: token ${Object.keys(VERBS).join(", token ")}`);
  }
  const wrong = Object.keys(values).find(
    (flag) => ![...VERBS[verb], ...EVERYWHERE].includes(flag)
  );
  if (wrong !== void 0) {
    throw new UsageError(`'token ${verb}' takes no --${wrong}`);
  }
  const common = { json: values.json === true, path: tokensPath(values, environment) };
  if (verb === "list") {
    refuseMore(verb, names);
    return { ...common, verb };
  }
  const name = readName(verb, names, values.name);
  if (verb === "revoke") {
    return { ...common, verb, name };
  }
  const expiresAt = values.expires === void 0 ? void 0 : expiryAfter(readDays(values.expires), Date.now());
  return verb === "rotate" ? { ...common, verb, name, expiresAt } : { ...common, verb, name, role: readRole(values.role), expiresAt };
}
function parse(argv) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error.message.replace(/\. .*/s, ""));
  }
}
function isVerb(word) {
  return word !== void 0 && Object.hasOwn(VERBS, word);
}
function refuseMore(verb, words) {
  if (words.length > 0) {
    throw new UsageError(`'token ${verb}' got more words than it takes`);
  }
}
function readName(verb, [word, ...more], flag) {
  refuseMore(verb, flag === void 0 ? more : [word, ...more].filter((extra) => extra !== void 0));
  const name = flag ?? word;
  if (name === void 0) {
    throw new UsageError(
      `'token ${verb}' needs a name: ${verb === "create" ? "--name NAME" : `token ${verb} NAME`}`
    );
  }
  if (!isTokenName(name)) {
    throw new UsageError(`the name of a token must be ${TOKEN_NAME_FORM}`);
  }
  return name;
}
function readRole(word) {
  if (!isRole(word)) {
    throw new UsageError(
      `--role must be one of ${ROLES.join(", ")}${word === void 0 ? "" : `, not '${word}'`}`
    );
  }
  return word;
}
function readDays(text) {
  const days = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(days <= EXPIRES_DAYS_MAX)) {
    throw new UsageError(
      `--expires must be a whole number of days from 1 to ${EXPIRES_DAYS_MAX}, not '${text}'`
    );
  }
  return days;
}
function tokensPath(flags, environment) {
  const setting = storeSetting();
  const store = flags.store ?? (environment[setting.name] || setting.default);
  const tokensFile = flags["tokens-file"] ?? (environment.SALLYPORT_TOKENS_FILE || null);
  if (typeof store !== "string" || setting.parse(store) === void 0) {
    throw new UsageError(`--store, or SALLYPORT_STORE, must be ${setting.accepts}`);
  }
  const paths = credentialPaths(store, tokensFile);
  if (paths === null) {
    throw new UsageError(
      "a store in memory has no folder for tokens; say where they are with --tokens-file or SALLYPORT_TOKENS_FILE"
    );
  }
  return paths.tokens;
}
function storeSetting() {
  return SETTINGS.find(({ key }) => key === "store");
}

// src/cli/token-help.ts
var HELP = `Usage: sallyport token create --name NAME --role ROLE [--expires DAYS]
       sallyport token list
       sallyport token rotate NAME [--expires DAYS]
       sallyport token revoke NAME

Makes and ends the tokens that clients send as 'Authorization: Bearer spt_...'. A running service sees each change
within a second.

  create  Makes a token and prints it, this once. Only its hash is kept. A name is given once, ever.
  list    Shows the tokens there are, without their secrets.
  rotate  Prints a new secret for the same name; the old one ends at once.
  revoke  Ends a token for good, and what is open under it.

  --name NAME         ${TOKEN_NAME_FORM}
  --role ROLE         ${ROLES.join(", ")}
                      viewer reads; agent also asks and never decides; operator also decides; admin may do everything
  --expires DAYS      When it ends by itself, 1-${EXPIRES_DAYS_MAX}. Default: never; for rotate: as before.
  --json              Prints JSON.
  --store STORE       Where the service keeps its log: the tokens are in the same folder. Default: SALLYPORT_STORE,
                      else ${storeSetting().default}
  --tokens-file PATH  Where the tokens are if not there. Default: SALLYPORT_TOKENS_FILE
  --help, -h          Prints this.

Ends with 0 if it was done, 1 if it could not be done, 2 if the command is wrong.

Examples:
  TOKEN=$(sallyport token create --name ci --role agent --expires 90)
  curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:7420/approvals
  sallyport token create --name ann --role operator --store sqlite:/var/lib/sallyport/sallyport.db
  sallyport token revoke ci
`;

// src/cli/token-table.ts
var HEAD = ["NAME", "ROLE", "CREATED", "EXPIRES", "STATE"];
function tokenTable(entries, now) {
  const rows = entries.map((entry) => [
    entry.name,
    entry.role,
    minute(entry.created_at),
    entry.expires_at === null ? "never" : minute(entry.expires_at),
    stateOf(entry, now)
  ]);
  const table = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...table.map((row) => String(row[column]).length)));
  return table.map((row) => `${pad(row, widths).trimEnd()}
`).join("");
}
function pad(row, widths) {
  return widths.map((width, column) => String(row[column]).padEnd(width)).join("  ");
}
function minute(time) {
  return `${time.slice(0, 16).replace("T", " ")}Z`;
}

// src/cli/token.ts
async function runToken(argv, environment) {
  try {
    const command = readTokenCommand(argv, environment);
    return command === "help" ? done(HELP) : await act(command);
  } catch (error) {
    const advice = error instanceof CannotWrite ? "; run this where the file can be written" : "";
    const message = error.message + advice;
    return error instanceof UsageError ? { code: 2, stdout: "", stderr: `sallyport: ${message}
See 'sallyport token --help'.
` } : { code: 1, stdout: "", stderr: `sallyport: ${message}
` };
  }
}
async function act(command) {
  const file = new TokenFile(command.path);
  switch (command.verb) {
    case "create": {
      const { name, role } = command;
      const { entry, token } = await file.create({ name, role, expiresAt: command.expiresAt ?? null });
      return issued("made", entry, token, command);
    }
    case "rotate": {
      const { entry, token } = await file.rotate(command.name, command.expiresAt);
      return issued("has a new secret, and the old one has ended", entry, token, command);
    }
    case "revoke": {
      const entry = await file.revoke(command.name);
      return done(
        command.json ? json(shown(entry, Date.now())) : `'${entry.name}' is revoked since ${entry.revoked_at}.
`
      );
    }
    case "list":
      return listed(await file.list(), command);
  }
}
function issued(what, entry, token, { json: asJson, path }) {
  const expires = entry.expires_at === null ? "It never expires." : `It expires at ${entry.expires_at}.`;
  return {
    code: 0,
    stdout: asJson ? json({ ...shown(entry, Date.now()), token }) : `${token}
`,
    stderr: `Token '${entry.name}' (${entry.role}) ${what}. ${expires} Its hash is in ${path}.
Keep the token now; it is not shown again. Send it as 'Authorization: Bearer <token>'.
`
  };
}
function listed(entries, { json: asJson, path }) {
  if (asJson) {
    return done(json({ tokens: entries.map((entry) => shown(entry, Date.now())) }));
  }
  return entries.length > 0 ? done(tokenTable(entries, Date.now())) : {
    code: 0,
    stdout: "",
    stderr: `There are no tokens in ${path} yet. Make one: sallyport token create --name NAME --role ROLE
`
  };
}
function json(value) {
  return `${JSON.stringify(value)}
`;
}
function done(stdout) {
  return { code: 0, stdout, stderr: "" };
}
export {
  runToken
};
