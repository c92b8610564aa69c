import { ROLES } from '../model/role.js';
import { EXPIRES_DAYS_MAX, TOKEN_NAME_FORM } from '../model/token.js';
import { storeSetting } from './token-command.js';
/** What `sallyport token --help` prints. */
export const HELP = `Usage: sallyport token create --name NAME --role ROLE [--expires DAYS]
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
  --role ROLE         ${ROLES.join(', ')}
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
