/** The texts of `--help`. */
export const HELP = {
  about: `Knows which AI agents are running and puts a person in front of what they must not do alone.

Without a command, and with 'serve', it is the service: 'sallyport serve --help' lists its settings.`,
  after: `
On the machine of the service:
  serve                           Starts the service; 'sallyport serve --help' lists its settings.
  token create|list|rotate|revoke Makes and ends tokens; see 'sallyport token --help'.
  copy --from STORE --to STORE    Copies a log; see 'sallyport copy --help'.

The others talk to a service:
  SALLYPORT_URL      Where it is. Default: http://127.0.0.1:7420
  SALLYPORT_TOKEN    The credential, where one is needed. It is never a word of a command, which others could see.
  SALLYPORT_SESSION  What this client is called. Default: one of your user on this machine
  SALLYPORT_AGENT    The agent that asks. 'sallyport run' sets it for its command.
  NO_COLOR           Without colours, also on a terminal.

They end with 0 if it was done and 3 if not, whatever the reason. 'ask' also ends with 1 and 2, 'approve', 'deny' and
'resolve' with 4: see their --help.

Examples:
  sallyport
  sallyport ask "Deploy 1.4.2 to production?" && ./deploy.sh
  sallyport approvals
  sallyport approve approval-01a206c1528148ab0323825c312e --comment "looks good"
  sallyport run --agent builder -- make release
`,
  commands: {
    ask: {
      about: 'Asks a person, and waits for as long as it takes.',
      after: `It goes on through broken connections, restarts of the service and proxies, always with the same approval.

Ends with
  0  approved, and in no other case
  1  denied
  2  nobody decided: the time is up, it has expired, or was cancelled
  3  anything else: a wrong command, a refusal, a service that was not reached in time, an interruption

A duration is 500ms, 90s, 10m, 1h or 2d. With --timeout alone the approval expires with it, so that 2 is final. With
--expires too it stays when the command has ended, and can still be answered.
Ctrl-C on a terminal asks whether to cancel the approval: with y it ends with 2, else with 3, and never with 0.
Put -- before a question that others have worded: sallyport ask -- "$title". This help ends with 3 as well, so that a
question of '--help' is no approval.

Examples:
  sallyport ask "Deploy to production?" && ./deploy.sh
  sallyport ask "Delete 4,211 files?" --details '{"folder":"/srv/old"}' --timeout 10m
  git diff | jq -Rs '{diff: .}' | sallyport ask "Push this?" --details -
  sallyport ask "Which region?" --option eu --option us --option none --approve-label eu --json`,
    },
    approvals: {
      about: 'Lists approvals, newest first, or shows all of one.',
      after: `Examples:
  sallyport approvals
  sallyport approvals approval-01a206c1528148ab0323825c312e
  sallyport approvals --status resolved --status expired --limit 10
  sallyport approvals --json | jq -r '.approvals[].id'`,
    },
    approve: {
      about: 'Says yes: picks the option that means yes, whatever it is called.',
      after: `Ends with 0 if it is decided so, 4 if it was passed on to the session that owns the approval, which is still pending
then, and 3 if neither.

Examples:
  sallyport approve approval-01a206c1528148ab0323825c312e
  sallyport approve approval-01a206c1528148ab0323825c312e --comment "looks good"`,
    },
    deny: {
      about: 'Says no: picks the other option, where there is one other.',
      after: `Ends as 'sallyport approve' does.

Examples:
  sallyport deny approval-01a206c1528148ab0323825c312e --comment "not on a Friday"`,
    },
    resolve: {
      about: 'Picks an option.',
      after: `Ends as 'sallyport approve' does.

Examples:
  sallyport resolve approval-01a206c1528148ab0323825c312e eu --comment "nearest"`,
    },
    cancel: {
      about: 'Withdraws a question. The session that asked may, and an administrator.',
      after: `Examples:
  sallyport cancel approval-01a206c1528148ab0323825c312e
  SALLYPORT_SESSION=deploy-script sallyport cancel approval-01a206c1528148ab0323825c312e`,
    },
    agents: {
      about: 'Lists the agents that are running.',
      after: `Examples:
  sallyport agents
  sallyport agents --status waiting_for_approval
  sallyport agents --json | jq -r '.agents[].name'`,
    },
    watch: {
      about: 'Prints what happens, live.',
      after: `It resumes by itself, with each event once. If some are not kept any more it says so, with --json as {"gap":{"seq":41}}.
Ctrl-C ends it.

Examples:
  sallyport watch
  sallyport watch --kind 'approval.*' --json
  sallyport watch --agent builder-1f0c2d3e --after 0`,
    },
    run: {
      about: 'Runs a command as an agent that everybody sees.',
      after: `The agent is registered and running while the command runs, then completed or errored, and gone. The command gets
SALLYPORT_URL, SALLYPORT_SESSION and SALLYPORT_AGENT, so that 'sallyport ask' in it says which agent asks.
It also runs while the service cannot be reached, and is registered as soon as it can be; with --required it does not.
A refusal of the service, such as a wrong credential, ends it before the command starts.

Ends as the command does: 127 if there is no such command, 126 if it cannot be run, 128 and the number of the signal
that ended it; 3 if it was not started for another reason.

Examples:
  sallyport run --agent builder -- make release
  sallyport run --agent researcher --kind script --task "Collect facts" -- ./research.sh --deep`,
    },
    status: {
      about: 'Says whether the service is up, who you are there, and what is going on.',
      after: `Ends with 0 if the service takes changes, else with 3.

Examples:
  sallyport status
  SALLYPORT_URL=https://sallyport.example sallyport status --json`,
    },
    init: {
      about: 'Writes the settings that put a person in front of another program.',
      after: `claude-code: a hook in .claude/settings.json that asks before the tools that change something run. What the file holds
stays, the changes are shown first, and it is written as a whole. The token is not written: Claude Code takes it from
SALLYPORT_TOKEN.

Examples:
  sallyport init claude-code
  SALLYPORT_URL=https://sallyport.example sallyport init claude-code --user --yes`,
    },
    completion: {
      about: 'Prints what makes a shell complete these commands.',
      after: `Examples:
  eval "$(sallyport completion bash)"
  eval "$(sallyport completion zsh)"
  sallyport completion fish | source`,
    },
  },
} as const;
