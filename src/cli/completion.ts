import type { Command } from 'commander';
import { EXIT } from './exit.ts';
import type { Screen } from './screen.ts';

/** What is completed: the words and the flags of each command; '' stands for none. */
type Words = Readonly<Record<string, readonly string[]>>;

/** The commands of the service, which has its own reading of words. */
const OF_THE_SERVICE = ['serve', 'token', 'copy'];
const SHELLS = { bash, zsh, fish };
type Shell = keyof typeof SHELLS;
export const SHELL_NAMES = Object.keys(SHELLS);

/** `sallyport completion bash|zsh|fish`: a script for the shell to read. */
export async function completionCommand(screen: Screen, program: Command, shell: Shell): Promise<number> {
  await screen.print(SHELLS[shell](wordsOf(program)).trimEnd());
  return EXIT.done;
}

function wordsOf(program: Command): Words {
  const names = program.commands.map((command) => command.name());
  const words: Record<string, readonly string[]> = {
    '': [...names, ...OF_THE_SERVICE, '--help', '--version'],
  };
  for (const command of program.commands) {
    const flags = command.options.map(({ long }) => String(long));
    const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
    words[command.name()] = [...choices, ...flags, '--help'];
  }
  return {
    ...words,
    token: ['create', 'list', 'rotate', 'revoke', '--help'],
    copy: ['--from', '--to', '--help'],
  };
}

function bash(words: Words): string {
  const cases = Object.entries(words).map(([name, list]) => `    '${name}') words='${list.join(' ')}' ;;`);
  return `# bash: eval "$(sallyport completion bash)"
_sallyport() {
  local words
  case \${COMP_WORDS[1]} in
${cases.slice(1).join('\n')}
    *) words='${words['']?.join(' ')}' ;;
  esac
  if [[ $COMP_CWORD -eq 1 ]]; then words='${words['']?.join(' ')}'; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _sallyport sallyport
`;
}

function zsh(words: Words): string {
  const cases = Object.entries(words)
    .slice(1)
    .map(([name, list]) => `    '${name}') compadd -- ${list.join(' ')}; _files ;;`);
  return `#compdef sallyport
# zsh: eval "$(sallyport completion zsh)", after compinit
_sallyport() {
  if (( CURRENT == 2 )); then
    compadd -- ${words['']?.join(' ')}
    return
  fi
  case $words[2] in
${cases.join('\n')}
    *) _files ;;
  esac
}
compdef _sallyport sallyport
`;
}

function fish(words: Words): string {
  const lines = Object.entries(words).flatMap(([name, list]) =>
    list.map((word) => {
      const when = name === '' ? '__fish_use_subcommand' : `"__fish_seen_subcommand_from ${name}"`;
      return word.startsWith('--')
        ? `complete -c sallyport -n ${when} -l ${word.slice(2)}`
        : `complete -c sallyport -f -n ${when} -a ${word}`;
    }),
  );
  return `# fish: sallyport completion fish | source\n${lines.join('\n')}\n`;
}
