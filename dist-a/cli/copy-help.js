/** What `sallyport copy --help` prints. */
export const HELP = `Usage: sallyport copy --from STORE --to STORE

Copies a log into an empty one: every agent, approval, event and idempotency key, each with its number. It moves a
service from SQLite to PostgreSQL, and back. The log it reads stays as it is.

  --from STORE  The log to copy: sqlite:PATH or postgres://... . No service may run on it.
  --to STORE    Where to: the same. It is made if it is not there; if there is anything in it, it is refused.
  --help, -h    Prints this.

A copy is whole or not there: after one that was interrupted the target is empty, and the same command can be given
again. How far it is goes to standard error. What is copied is as secret as the log: a password in a URL is best kept
in ~/.pgpass or PGPASSWORD, as other users of a machine may see the words of a command.

Tokens are not in the log. They stay in their file, which SALLYPORT_TOKENS_FILE names where the store has no folder.

Ends with 0 if it was copied, 1 if it was not, 2 if the command is wrong.

Examples:
  sallyport copy --from sqlite:./data/sallyport.db --to postgres://sallyport@db.internal/sallyport
  sallyport copy --from sqlite:./data/sallyport.db --to 'postgres://sallyport@db.internal/shared?schema=team_a'
  sallyport copy --from postgres://sallyport@db.internal/sallyport --to sqlite:/var/lib/sallyport/sallyport.db
`;
