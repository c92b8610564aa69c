import type { Command, Option } from 'commander';
import { EXIT } from './exit.ts';
import type { Screen } from './screen.ts';

/** What can follow a command. */
interface Words {
  readonly words: readonly string[];
  readonly flags: readonly string[];
  /** The flags that take a value, and the values; none: any, such as a file. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}
/** By the command's name. */
type Commands = Readonly<Record<string, Words>>;

/** The commands of the service, which has its own reading of words. */
const OF_THE_SERVICE = {
  serve: wordsOf([], ['--help', '--version']),
  token: wordsOf(['create', 'list', 'rotate', 'revoke'], ['--help']),
  copy: wordsOf([], ['--from', '--to', '--help']),
};
const TOP_FLAGS = ['--help', '--version'];
const SHELLS = { bash, zsh, fish };
type Shell = keyof typeof SHELLS;
export const SHELL_NAMES = Object.keys(SHELLS);

/** `sallyport completion bash|zsh|fish`: a script for the shell to read. */
export async function completionCommand(screen: Screen, program: Command, shell: Shell): Promise<number> {
  const names = program.commands.map((command) => command.name());
  const commands: Commands = {
    ...Object.fromEntries(program.commands.map((command) => [command.name(), wordsOfClient(command)])),
    ...OF_THE_SERVICE,
    help: wordsOf(names, []),
  };
  await screen.print(SHELLS[shell](commands).trimEnd());
  return EXIT.done;
}

function wordsOfClient({ options, registeredArguments }: Command): Words {
  const words = registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  const valued = options.filter(({ required }) => required);
  const flags = [...options.map(long), '--help'];
  return {
    ...wordsOf(words, flags),
    values: new Map(valued.map((option) => [long(option), option.argChoices ?? []])),
  };
}

function wordsOf(words: readonly string[], flags: readonly string[]): Words {
  return { words, flags, values: new Map() };
}

function long({ long }: Option): string {
  return String(long);
}

/** A line of a `case` for each flag that takes a value, by the command and the flag. */
function valueCases(commands: Commands, line: (values: readonly string[]) => string): string {
  return Object.entries(commands)
    .flatMap(([name, { values }]) =>
      [...values].map(([flag, list]) => `    '${name} ${flag}') ${line(list)} ;;`),
    )
    .join('\n');
}

function bash(commands: Commands): string {
  const top = [...Object.keys(commands), ...TOP_FLAGS].join(' ');
  const cases = Object.entries(commands).map(
    ([name, { words, flags }]) => `      '${name}') words='${[...words, ...flags].join(' ')}' ;;`,
  );
  return `# bash: eval "$(sallyport completion bash)"
_sallyport() {
  local words
  case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in
${valueCases(commands, (values) => `words='${values.join(' ')}'`)}
    *) case \${COMP_WORDS[1]} in
${cases.join('\n')}
    esac ;;
  esac
  if [[ $COMP_CWORD -eq 1 ]]; then words='${top}'; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _sallyport sallyport
`;
}

function zsh(commands: Commands): string {
  const cases = Object.entries(commands).map(
    ([name, { words, flags }]) =>
      `    '${name}') words_of=(${words.join(' ')}); flags_of=(${flags.join(' ')}) ;;`,
  );
  return `#compdef sallyport
# zsh: eval "$(sallyport completion zsh)", after compinit
_sallyport() {
  local -a words_of flags_of
  if (( CURRENT == 2 )); then
    compadd -- ${[...Object.keys(commands), ...TOP_FLAGS].join(' ')}
    return
  fi
  case "$words[2] $words[CURRENT-1]" in
${valueCases(commands, (values) => (values.length === 0 ? "compset -P '@'; _files; return" : `compadd -- ${values.join(' ')}; return`))}
  esac
  case $words[2] in
${cases.join('\n')}
  esac
  if [[ $words[CURRENT] == -* ]]; then
    compadd -- $flags_of
  elif (( $#words_of )); then
    compadd -- $words_of
  else
    _files
  fi
}
compdef _sallyport sallyport
`;
}

function fish(commands: Commands): string {
  const top = [
    ...Object.keys(commands).map((name) => `complete -c sallyport -f -n __fish_use_subcommand -a ${name}`),
    ...TOP_FLAGS.map((flag) => `complete -c sallyport -n __fish_use_subcommand -l ${flag.slice(2)}`),
  ];
  const lines = Object.entries(commands).flatMap(([name, { words, flags, values }]) => {
    const begin = `complete -c sallyport -n "__fish_seen_subcommand_from ${name}"`;
    return [
      ...words.map((word) => `${begin} -f -a ${word}`),
      ...flags.map((flag) => `${begin} -l ${flag.slice(2)}${fishValues(values.get(flag))}`),
    ];
  });
  return `# fish: sallyport completion fish | source\n${[...top, ...lines].join('\n')}\n`;
}

function fishValues(values: readonly string[] | undefined): string {
  if (values === undefined) {
    return '';
  }
  return values.length === 0 ? ' -r' : ` -x -a "${values.join(' ')}"`;
}
