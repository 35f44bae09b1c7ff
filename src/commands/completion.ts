import type { Command } from 'commander';
import { rules } from '../rule/registry.ts';

/** Prints a completion script for a shell: commands, flags, and rule ids where a rule is asked for. */
export function run(shell: string, root: Command): number {
  const commands = root.commands.map((command) => command.name());
  const lint = root.commands.find((command) => command.name() === 'lint');
  const flags = (lint?.options ?? []).flatMap((option) => (option.long ? [option.long] : []));
  const ids = rules.map((rule) => rule.id);
  process.stdout.write(scripts[shell as keyof typeof scripts]({ commands, flags, ids }));
  return 0;
}

interface Words {
  readonly commands: readonly string[];
  readonly flags: readonly string[];
  readonly ids: readonly string[];
}

const scripts = {
  bash: ({ commands, flags, ids }: Words): string => `_ekslint() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  case $previous in
    explain|--only|--skip) COMPREPLY=($(compgen -W "${ids.join(' ')}" -- "$current")); return ;;
  esac
  case $current in
    -*) COMPREPLY=($(compgen -W "${flags.join(' ')}" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")); [ "$COMP_CWORD" = 1 ] && COMPREPLY+=($(compgen -W "${commands.join(' ')}" -- "$current")) ;;
  esac
}
complete -o filenames -F _ekslint ekslint
`,
  zsh: ({ commands, flags, ids }: Words): string => `#compdef ekslint
_ekslint() {
  case \${words[CURRENT-1]} in
    explain|--only|--skip) compadd -- ${ids.join(' ')}; return ;;
  esac
  if [[ $PREFIX == -* ]]; then compadd -- ${flags.join(' ')}
  else (( CURRENT == 2 )) && compadd -- ${commands.join(' ')}; _files; fi
}
compdef _ekslint ekslint
`,
  fish: ({ commands, flags, ids }: Words): string => `complete -c ekslint -n __fish_use_subcommand -a '${commands.join(' ')}'
complete -c ekslint -n '__fish_seen_subcommand_from explain' -f -a '${ids.join(' ')}'
${flags.map((flag) => `complete -c ekslint -l ${flag.slice(2)}`).join('\n')}
`,
};
