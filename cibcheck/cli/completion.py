"""``cibcheck completion``: what a shell has to know to complete commands, options, their values and rules, read off the parsers.

The scripts ask cibcheck for the rules when somebody completes one, without the configuration: pressing a key must not run code that
a file in the current folder names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.cli import COMMANDS, OK, parser_of
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from argparse import Action, Namespace
    from collections.abc import Iterator, Sequence

    from cibcheck.cli import Parser, Streams

RULES = "cibcheck rules --isolated --output-format names 2>/dev/null"
"""What prints all that a rule may be called."""


class Argument(NamedTuple):
    """An option, or, without names, what stands by itself."""

    names: Sequence[str]
    help: str
    values: str
    """What follows: ``rules``, ``files``, words to choose from, or nothing that we know; empty where nothing follows."""
    is_list: bool


def add_arguments(parser: Parser) -> None:
    """The options of the command."""
    parser.epilog = (
        "bash: cibcheck completion bash > ~/.local/share/bash-completion/completions/cibcheck\n"
        "zsh:  cibcheck completion zsh > a folder in $fpath/_cibcheck\n"
        "fish: cibcheck completion fish > ~/.config/fish/completions/cibcheck.fish"
    )
    parser.description = "Print a script that completes commands, options, their values and rules in a shell."
    parser.add_argument("shell", choices=list(_SCRIPTS), metavar="bash|zsh|fish", help="the shell")


def execute(options: Namespace, streams: Streams) -> int:
    """Print the script."""
    commands = {command: [_argument(action) for action in parser_of(command, streams)._actions] for command in COMMANDS}
    for line in _SCRIPTS[options.shell](commands):
        streams.stdout.write(f"{line}\n")
    return OK


def _argument(action: Action) -> Argument:
    if action.nargs == 0:
        values = ""
    elif action.choices:
        values = " ".join(map(str, action.choices))
    else:
        kinds = {"RULES": "rules", "CODE|NAME": "rules", "FILE": "files", "PATH": "files", "FILE|KEY=VALUE": "files"}
        values = kinds.get(str(action.metavar), "unknown")
    return Argument(action.option_strings, (action.help or "").replace("%%", "%"), values, action.metavar == "RULES")


def _options(arguments: Sequence[Argument]) -> Iterator[tuple[str, Argument]]:
    for argument in arguments:
        for name in argument.names:
            yield name, argument


def _positional(arguments: Sequence[Argument]) -> str:
    return next((argument.values for argument in arguments if not argument.names), "unknown")


def _bash(commands: dict[str, list[Argument]]) -> Iterator[str]:
    yield "# Completes cibcheck in bash; made by `cibcheck completion bash`."
    yield f"_cibcheck_rules() {{ {RULES}; }}"
    yield _BASH_HEAD.replace("COMMANDS", " ".join(commands))
    yield '    case "$command $previous" in'
    for command, arguments in commands.items():
        for name, argument in _options(arguments):
            if argument.values:
                yield f'        "{command} {name}") {_bash_values(argument.values, is_list=argument.is_list)} ;;'
    for command, arguments in commands.items():
        names = " ".join(name for name, _ in _options(arguments))
        yield f'        "{command} "*) if [[ $current == -* ]]; then _cibcheck_words "{names}"; else'
        yield f"            {_bash_values(_positional(arguments))}; fi ;;"
    yield "    esac"
    yield "    if [[ $COMP_CWORD -eq 1 && $current != -* ]]; then"
    yield f'        mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -W "{" ".join(commands)}" -- "$current")'
    yield "    fi"
    yield "}"
    yield "complete -F _cibcheck cibcheck"


_BASH_HEAD = """\
_cibcheck_words() { mapfile -t COMPREPLY < <(compgen -P "$2" -W "$1" -- "${current#"$2"}"); }
_cibcheck_files() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current"); }
_cibcheck_list() { local done=; [[ $current != *,* ]] || done=${current%,*},; _cibcheck_words "$(_cibcheck_rules)" "$done"; }
_cibcheck() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=check
    COMPREPLY=()
    if [[ $current == '=' ]]; then current=
    elif [[ $previous == '=' ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi
    if [[ $COMP_CWORD -gt 1 && ' COMMANDS ' == *" ${COMP_WORDS[1]} "* ]]; then command=${COMP_WORDS[1]}; fi"""


def _bash_values(values: str, *, is_list: bool = False) -> str:
    if values == "rules":
        return "_cibcheck_list" if is_list else '_cibcheck_words "$(_cibcheck_rules)"'
    if values == "files":
        return "_cibcheck_files"
    return ":" if values == "unknown" else f'_cibcheck_words "{values}"'


def _zsh(commands: dict[str, list[Argument]]) -> Iterator[str]:
    yield "#compdef cibcheck"
    yield "# Completes cibcheck in zsh; made by `cibcheck completion zsh`."
    yield f'_cibcheck_rules() {{ local -a rules=(${{(f)"$({RULES})"}}); compadd "$@" -a rules }}'
    yield '_cibcheck_list() { local -a rules=(${(f)"$(' + RULES + ')"}); _sequence compadd - $rules }'
    yield "_cibcheck_first() {"
    described = " ".join(_quoted(f"{name}:{command.help}") for name, command in COMMANDS.items())
    yield f"    local -a commands=({described})"
    yield "    (( CURRENT == 2 )) && _describe command commands"
    yield "    _files"
    yield "}"
    yield "_cibcheck() {"
    yield "    local command=check"
    yield f"    if (( CURRENT > 2 )) && [[ $words[2] == ({'|'.join(commands)}) ]]; then"
    yield "        command=$words[2]; shift words; (( CURRENT-- ))"
    yield "    fi"
    yield "    case $command in"
    for command, arguments in commands.items():
        yield f"    {command}) _arguments \\"
        for name, argument in _options(arguments):
            about = argument.help.translate(str.maketrans("[]", "()"))
            value = f":value:{_zsh_values(argument.values, is_list=argument.is_list)}" if argument.values else ""
            yield f"        {_quoted(f'*{name}[{about}]{value}')} \\"
        first = "_cibcheck_first" if command == "check" else _zsh_values(_positional(arguments))
        yield f"        {_quoted(f'*:argument:{first}')} ;;"
    yield "    esac"
    yield "}"
    yield 'if [[ $funcstack[1] == _cibcheck ]]; then _cibcheck "$@"; else compdef _cibcheck cibcheck; fi'


def _zsh_values(values: str, *, is_list: bool = False) -> str:
    if values == "rules":
        return "_cibcheck_list" if is_list else "_cibcheck_rules"
    return {"files": "_files", "unknown": " "}.get(values, f"({values})")


def _fish(commands: dict[str, list[Argument]]) -> Iterator[str]:
    yield "# Completes cibcheck in fish; made by `cibcheck completion fish`."
    yield f"function __cibcheck_rules; {RULES}; end"
    yield "function __cibcheck_command"
    yield "    set -l words (commandline -opc)"
    yield f"    if set -q words[2]; and contains -- $words[2] {' '.join(commands)}"
    yield "        echo $words[2]"
    yield "    else"
    yield "        echo check"
    yield "    end"
    yield "end"
    yield "function __cibcheck_is; test (__cibcheck_command) = $argv[1]; end"
    for name, about in COMMANDS.items():
        yield f"complete -c cibcheck -n __fish_is_first_arg -a {name} -d {_quoted(about.help)}"
    for command, arguments in commands.items():
        of_command = f"complete -c cibcheck -n '__cibcheck_is {command}'"
        for name, argument in _options(arguments):
            flag = f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"
            follows = _fish_values(argument.values, is_list=argument.is_list)
            yield f"{of_command} {flag}{follows} -d {_quoted(argument.help)}"
        if (values := _positional(arguments)) != "files":
            yield f"{of_command} -f{_fish_values(values).removeprefix(' -x')}"


def _fish_values(values: str, *, is_list: bool = False) -> str:
    if values in ("", "files"):
        return " -r -F" if values else ""
    if values == "rules":
        return " -x -a '(__fish_complete_list , __cibcheck_rules)'" if is_list else " -x -a '(__cibcheck_rules)'"
    return " -x" if values == "unknown" else f" -x -a {_quoted(values)}"


def _quoted(text: str) -> str:
    """A text in single quotes, which all three shells read alike without quotes in it."""
    return "'" + text.replace("'", "\u2019").replace("\\", "/") + "'"


_SCRIPTS = {"bash": _bash, "zsh": _zsh, "fish": _fish}
