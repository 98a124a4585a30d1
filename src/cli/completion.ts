/** Completion scripts from the table of commands: commands, options, listed values of options, and names in the project. */
import type { CommandDefinition } from './command.ts';
import type { NameKind, OptionDefinition } from './option-definition.ts';
import { GLOBAL_OPTIONS } from './options.ts';

type Script = (commands: readonly CommandDefinition[]) => string;

export const COMPLETION_SCRIPTS: Readonly<Record<'bash' | 'zsh' | 'fish', Script>> = {
  bash: (commands) => `# bash completion for rpm-deps\n${bashFunction(commands)}complete -o default -F _rpm_deps rpm-deps\n`,
  zsh: zshScript,
  fish: fishScript,
};

const optionsOf = ({ options }: CommandDefinition): readonly OptionDefinition[] => [...GLOBAL_OPTIONS, ...options];

const wordsOf = ({ arguments: args }: CommandDefinition): readonly string[] => args.flatMap(({ words = [] }) => words);

const spellings = ({ name, short, negatable }: OptionDefinition): string[] => [
  `--${name}`,
  ...(negatable === true ? [`--no-${name}`] : []),
  ...(short === undefined ? [] : [`-${short}`]),
];

/** The first words of all commands, and for each family its second words. */
function wordsAfter(commands: readonly CommandDefinition[]): Map<string, readonly string[]> {
  const after = new Map<string, Set<string>>([['', new Set(['help'])]]);
  for (const { name } of commands) {
    const [first = '', second] = name.split(' ');
    after.get('')!.add(first);
    if (second !== undefined) after.set(first, (after.get(first) ?? new Set()).add(second));
  }
  return new Map([...after].map(([command, words]) => [command, [...words]]));
}

/** Options that select the project whose names are completed. */
const PROJECT_OPTIONS = GLOBAL_OPTIONS.filter(({ name }) => ['manifest', 'lockfiles', 'directory'].includes(name));
const PROJECT_WORDS = PROJECT_OPTIONS.flatMap(spellings);

/** The bash command that lists names in the project. */
const namesOf = (kind: NameKind): string => `rpm-deps "\${project[@]}" completion --list ${kind} 2>/dev/null </dev/null`;

/** zsh can run bash functions with the words in the same variables. A file in its `fpath` is itself called for the first completion. */
function zshScript(commands: readonly CommandDefinition[]): string {
  return [
    '#compdef rpm-deps\nautoload -U +X bashcompinit && bashcompinit\n',
    bashFunction(commands),
    'complete -o default -F _rpm_deps rpm-deps\n',
    `if [ "\${funcstack[1]}" = _rpm-deps ]; then _bash_complete -o default -F _rpm_deps; fi\n`,
  ].join('');
}

function bashFunction(commands: readonly CommandDefinition[]): string {
  const after = wordsAfter(commands);
  const names = [...new Set([...commands.map(({ name }) => name), ...[...after.keys()].filter((name) => name !== '')])];
  const valued = [...new Set(commands.flatMap(optionsOf).flatMap((option) => (option.value === undefined ? [] : spellings(option))))];
  const chosen = commands.flatMap((command) =>
    command.options.flatMap((option) => {
      const list = option.choices ?? option.suggestions;
      return list === undefined ? [] : spellings(option).map((word) => ({ key: `${command.name} ${word}`, words: list }));
    }),
  );
  const asked = commands.flatMap((command) =>
    optionsOf(command).flatMap((option) =>
      option.completes === undefined ? [] : spellings(option).map((word) => ({ key: `${command.name} ${word}`, kind: option.completes! })),
    ),
  );
  const named = commands.flatMap(({ name, arguments: args }) => {
    const kinds = args.flatMap(({ completes = [] }) => completes);
    return kinds.length === 0 ? [] : [{ name, kinds }];
  });
  const words = [
    ...[...after].map(([command, next]) => ({ command, words: [...next, ...GLOBAL_OPTIONS.flatMap(spellings)] })),
    ...commands.map((command) => ({ command: command.name, words: [...wordsOf(command), ...optionsOf(command).flatMap(spellings)] })),
  ];
  const row = (key: string, list: readonly string[]): string => `    '${key}') words='${list.join(' ')}' ;;\n`;
  return [
    '_rpm_deps() {\n',
    "  local i word command='' words='' names='' prefix='' current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n",
    '  local -a project\n  project=()\n',
    // `--set=l` is three words in bash, and one in zsh.
    '  [ "$previous" != = ] || previous=${COMP_WORDS[COMP_CWORD-2]}\n  [ "$current" != = ] || current=\'\'\n',
    '  case "$current" in --*=*) previous=${current%%=*} prefix=${current%%=*}= current=${current#*=} ;; esac\n',
    '  for ((i = 1; i < COMP_CWORD; i++)); do\n    word=${COMP_WORDS[i]}\n    case "$word" in\n',
    `      ${valued.join('|')})\n`,
    // bash splits words at `=`.
    '        [ "${COMP_WORDS[i+1]}" != = ] || i=$((i + 1))\n        i=$((i + 1))\n',
    `        case "$word" in ${PROJECT_WORDS.join('|')}) project+=("$word" "\${COMP_WORDS[i]/#\\~/$HOME}") ;; esac ;;\n`,
    `      ${PROJECT_OPTIONS.map(({ name }) => `--${name}=*`).join('|')}) project+=("$word") ;;\n      -*) ;;\n`,
    '      *) case "${command:+$command }$word" in\n',
    `        ${names.map((name) => `'${name}'`).join('|')}) command="\${command:+$command }$word" ;;\n`,
    '      esac ;;\n    esac\n  done\n',
    '  case "$command $previous" in\n',
    ...chosen.map(({ key, words: list }) => row(key, list)),
    ...GLOBAL_OPTIONS.map(({ name, choices = [] }) => (choices.length === 0 ? '' : `    *' --${name}') words='${choices.join(' ')}' ;;\n`)),
    ...asked.map(({ key, kind }) => `    '${key}') words="$(${namesOf(kind)})"; [ -n "$words" ] || words=' ' ;;\n`),
    '  esac\n',
    '  if [ -z "$words" ]; then\n',
    `    case "$previous" in ${valued.join('|')}) COMPREPLY=(); return ;; esac\n`,
    '    case "$command" in\n',
    ...words.map(({ command, words: list }) => row(command, list)),
    '    esac\n',
    '    case "$command:$current" in\n      *:-*) ;;\n',
    ...named.map(({ name, kinds }) => `      '${name}':*) names="$(${kinds.map(namesOf).join('; ')})" ;;\n`),
    // Options are offered after a `-`, and if there are no names.
    '    esac\n    [ -z "$names" ] || words=$names\n  fi\n',
    '  COMPREPLY=($(compgen -P "$prefix" -W "$words" -- "$current"))\n}\n',
  ].join('');
}

function fishScript(commands: readonly CommandDefinition[]): string {
  const quote = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;
  const option = ({ name, short, value, suggestions, choices = suggestions, completes, help }: OptionDefinition): string =>
    `-l ${name}${short === undefined ? '' : ` -s ${short}`}${value === undefined ? '' : ' -r'}` +
    `${choices === undefined ? '' : ` -f -a ${quote(choices.join(' '))}`}` +
    `${completes === undefined ? '' : ` -f -a ${quote(`(__rpm_deps_names ${completes})`)}`} -d ${quote(help)}`;
  const after = wordsAfter(commands);
  const lines = [
    '# fish completion for rpm-deps',
    'function __rpm_deps_names',
    '    set -l project',
    '    set -l words (commandline -opc)',
    '    for i in (seq (count $words))',
    '        switch $words[$i]',
    `            case ${PROJECT_WORDS.join(' ')}`,
    "                set -a project $words[$i] (string replace -r '^~' $HOME -- $words[(math $i + 1)])",
    `            case ${PROJECT_OPTIONS.map(({ name }) => `'--${name}=*'`).join(' ')}`,
    '                set -a project $words[$i]',
    '        end',
    '    end',
    '    rpm-deps $project completion --list $argv[1] 2>/dev/null </dev/null',
    'end',
  ];
  for (const definition of GLOBAL_OPTIONS) lines.push(`complete -c rpm-deps ${option(definition)}`);
  for (const [family, words] of after) {
    for (const word of words) {
      const summary = commands.find(({ name }) => name === (family === '' ? word : `${family} ${word}`))?.summary ?? `commands of ${word}`;
      const condition =
        family === ''
          ? '__fish_use_subcommand'
          : `__fish_seen_subcommand_from ${family}; and not __fish_seen_subcommand_from ${words.join(' ')}`;
      lines.push(`complete -c rpm-deps -f -n ${quote(condition)} -a ${word} -d ${quote(word === 'help' ? 'show help' : summary)}`);
    }
  }
  for (const command of commands) {
    const { name, options, arguments: args } = command;
    const condition = name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ');
    for (const definition of options) lines.push(`complete -c rpm-deps -n ${quote(condition)} ${option(definition)}`);
    for (const word of wordsOf(command)) lines.push(`complete -c rpm-deps -f -n ${quote(condition)} -a ${word}`);
    for (const kind of args.flatMap(({ completes = [] }) => completes)) {
      lines.push(`complete -c rpm-deps -f -n ${quote(condition)} -a ${quote(`(__rpm_deps_names ${kind})`)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
