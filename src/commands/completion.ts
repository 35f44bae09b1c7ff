import { print } from './output.ts';
import type { Command } from 'commander';
import { rules } from '../rule/registry.ts';
import { formatNames } from '#reporters/index.ts';

/** What a shell may offer after a command. */
interface Offer {
  readonly name: string;
  readonly flags: readonly {
    readonly long: string;
    readonly short: string | undefined;
    readonly takesValue: boolean;
    readonly values: readonly string[];
  }[];
  /** Words that the command accepts as its argument; empty means files, if it takes any. */
  readonly words: readonly string[];
}

/** Prints a completion script for a shell: commands, their flags, and the words that flags and arguments take. */
export function run(shell: string, root: Command): number {
  const ids = rules.map((rule) => rule.id);
  const offers = root.commands.map((command): Offer => ({
    name: command.name(),
    flags: command.options.flatMap(({ long, short, required, argChoices }) => {
      if (!long) return [];
      const values =
        long === '--only' || long === '--skip' ? ids : (argChoices ?? (long === '--format' ? formatNames : []));
      return [{ long, short, takesValue: required, values }];
    }),
    words:
      command.name() === 'explain' ? ids : command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  }));
  print(scripts[shell as keyof typeof scripts](offers));
  return 0;
}

/** The words that may follow a word: pairs of a shell pattern over `command:previous word` and the words. */
function afterWord(offers: readonly Offer[]): (readonly [string, string])[] {
  const behind = offers.flatMap(({ name, flags, words }) => [
    ...flags
      .filter(({ takesValue, values }) => takesValue && values.length > 0)
      .map(
        ({ long, short, values }) =>
          [[long, short].flatMap((flag) => (flag ? [`${name}:${flag}`] : [])).join('|'), values.join(' ')] as const,
      ),
    ...(words.length > 0 ? [[`${name}:${name}`, words.join(' ')] as const] : []),
  ]);
  const patterns = new Map<string, string[]>();
  for (const [pattern, words] of behind) patterns.set(words, [...(patterns.get(words) ?? []), pattern]);
  return [...patterns].map(([words, some]) => [some.join('|'), words]);
}

const namesOf = (offers: readonly Offer[]): string[] => offers.map(({ name }) => name);
const flagsOf = ({ flags }: Offer): string => flags.map(({ long }) => long).join(' ');

const scripts = {
  bash: (offers: readonly Offer[]): string => `_ekslint() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=lint words= IFS=$' \\t\\n'
  # bash cuts --flag=value into three words
  if [ "$current" = = ]; then current=
  elif [ "$previous" = = ]; then previous=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if [ "$COMP_CWORD" -gt 1 ]; then
    case \${COMP_WORDS[1]} in ${namesOf(offers).join('|')}) command=\${COMP_WORDS[1]} ;; esac
  fi
  case $command:$previous in
${afterWord(offers)
  .map(([pattern, words]) => `    ${pattern}) words='${words}' ;;`)
  .join('\n')}
    *)
      case $command:$current in
${offers.map((offer) => `        ${offer.name}:-*) words='${flagsOf(offer)}' ;;`).join('\n')}
      esac ;;
  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    compopt -o filenames 2>/dev/null
    IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$current"))
    [ "$COMP_CWORD" = 1 ] && COMPREPLY+=($(compgen -W '${namesOf(offers).join('\n')}' -- "$current"))
  fi
}
complete -F _ekslint ekslint
`,
  zsh: (offers: readonly Offer[]): string => `#compdef ekslint
_ekslint() {
  local command=lint
  if (( CURRENT > 2 )); then
    case \${words[2]} in (${namesOf(offers).join('|')}) command=\${words[2]} ;; esac
  fi
  case $command:\${words[CURRENT-1]} in
${afterWord(offers)
  .map(([pattern, words]) => `    (${pattern}) compadd -- ${words}; return ;;`)
  .join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    case $command in
${offers.map((offer) => `      (${offer.name}) compadd -- ${flagsOf(offer)} ;;`).join('\n')}
    esac
  else
    (( CURRENT == 2 )) && compadd -- ${namesOf(offers).join(' ')}
    _files
  fi
}
if [[ \${funcstack[1]} == _ekslint ]]; then _ekslint "$@"; else compdef _ekslint ekslint; fi
`,
  fish: (offers: readonly Offer[]): string => {
    const others = namesOf(offers)
      .filter((name) => name !== 'lint')
      .join(' ');
    return [
      `complete -c ekslint -n __fish_use_subcommand -a '${namesOf(offers).join(' ')}'`,
      ...offers.flatMap(({ name, flags, words }) => {
        const when =
          name === 'lint' ? `'not __fish_seen_subcommand_from ${others}'` : `'__fish_seen_subcommand_from ${name}'`;
        return [
          ...(words.length > 0 ? [`complete -c ekslint -n ${when} -f -a '${words.join(' ')}'`] : []),
          ...flags.map(
            ({ long, short, takesValue, values }) =>
              `complete -c ekslint -n ${when} -l ${long.slice(2)}${short ? ` -s ${short.slice(1)}` : ''}${takesValue ? (values.length > 0 ? ` -x -a '${values.join(' ')}'` : ' -r') : ''}`,
          ),
        ];
      }),
      '',
    ].join('\n');
  },
};
