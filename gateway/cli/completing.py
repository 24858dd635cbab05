"""Complete a command line: commands and options from the tree, names from the site, and never a word when that fails."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from gateway.cli.manual.layout import short

MOST = 200
"""How many names are offered; who has more orders types one more character."""
_SAFE = re.compile(r"[\w./:@+,-]+")
_BASH = """
# Completes the commands of gateway. It belongs into ~/.local/share/bash-completion/completions/gateway
_gateway() {
    local IFS=$'\\n'
    COMPREPLY=( $(_GATEWAY_COMPLETE=bash "$1" "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) )
}
complete -o default -F _gateway gateway
"""
_ZSH = """
#compdef gateway
# Completes the commands of gateway. It belongs into a folder of fpath, as _gateway, before compinit is called.
_gateway() {
    local -a found
    found=("${(@f)$(_GATEWAY_COMPLETE=zsh "${words[1]}" "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ -n "${found[1]}" ]]; then _describe -V gateway found; else _files; fi
}
if [[ "${funcstack[1]}" == _gateway ]]; then _gateway "$@"; else compdef _gateway gateway; fi
"""
_FISH = """
# Completes the commands of gateway. It belongs into ~/.config/fish/completions/gateway.fish
function __gateway_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found (env _GATEWAY_COMPLETE=fish $words[1] $words[2..-1] 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c gateway -k -f -a '(__gateway_complete)'
"""
SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}
PLACES = {
    "bash": "gateway completion bash > ~/.local/share/bash-completion/completions/gateway",
    "zsh": "gateway completion zsh > ~/.zfunc/_gateway   (with fpath+=~/.zfunc before compinit in ~/.zshrc)",
    "fish": "gateway completion fish > ~/.config/fish/completions/gateway.fish",
}
Found = tuple[str, str]
"""What may be typed, and what it is."""


def answer(tree: Any, words: Sequence[str], shell: str) -> None:
    """Print what may stand in the place of the last word, as the shell wants it; nothing when anything goes wrong."""
    try:
        found = list(islice(dict.fromkeys(candidates(tree, words)), MOST))
    except Exception:  # noqa: BLE001 - a shell must never show our mistakes between two keys
        return
    for name, means in found:
        if shell == "zsh":
            sys.stdout.write(f"{name.replace(':', chr(92) + ':')}:{means}\n" if means else f"{name}\n")
        else:
            sys.stdout.write(f"{name}\t{means}\n" if shell == "fish" and means else f"{name}\n")


def candidates(tree: Any, words: Sequence[str]) -> Iterator[Found]:
    """What may stand in the place of the last of the words, which may be empty or a beginning."""
    *before, begun = words or [""]
    command, name, positional, option = _walked(tree, before)
    found: Iterable[Found] = ()
    if option is not None:
        found = _values(name, option.opts[0], option.help or "")
    elif begun.startswith("-"):
        options = ((each, short(param.help or "")) for param in command.params for each in _long(param))
        found = (*options, ("--help", "Show the help of this."))
    elif hasattr(command, "commands"):
        found = ((key, short(each.help or "")) for key, each in command.commands.items() if not each.hidden)
    else:
        arguments = [each for each in command.params if each.param_type_name == "argument"]
        if positional < len(arguments) or (arguments and arguments[-1].nargs == -1):
            param = arguments[min(positional, len(arguments) - 1)]
            found = _values(name, param.name, param.help or "", tree, before)
    yield from (each for each in found if each[0].startswith(begun) and _SAFE.fullmatch(each[0]))


def _walked(tree: Any, before: Sequence[str]) -> tuple[Any, str, int, Any]:
    """The command that the words lead to, its name, how many arguments it has, and the option that waits for its value."""
    command, name, positional, option = tree, [], 0, None
    for word in before:
        if option is not None:
            option = None
        elif word.startswith("-") and word != "-":
            option = next((each for each in command.params if word in each.opts and not _is_flag(each)), None)
        elif word in getattr(command, "commands", {}):
            command = command.commands[word]
            name.append(word)
        else:
            positional += 1
    return command, " ".join(name), positional, option


def _long(param: Any) -> list[str]:
    return [each for each in param.opts if each.startswith("--")][:1] if param.param_type_name == "option" else []


def _is_flag(param: Any) -> bool:
    return bool(getattr(param, "is_flag", False) or getattr(param, "count", False))


def _values(command: str, of: str, said: str, tree: Any = None, before: Sequence[str] = ()) -> Sequence[Found]:
    """What an option or argument may be: from the site by what it is, else the words that its help lists."""
    if command == "help":
        return tuple(_help_words(tree, before))
    for commands, params, names in _FROM_SITE:
        if re.fullmatch(commands, command) and of in params:
            return tuple((each, "") for each in names())
    return tuple((each, "") for each in _listed(said))


def _listed(said: str) -> list[str]:
    """The words of a help text that is nothing but a choice.

    >>> _listed("restock, scrap or refurbish."), _listed("For prices: ours or theirs."), _listed("Why; it is recorded.")
    (['restock', 'scrap', 'refurbish'], ['ours', 'theirs'], [])
    >>> _listed("Only open, closed, cancelled or refused ones.")
    ['open', 'closed', 'cancelled', 'refused']
    """
    choice = re.fullmatch(r"(?:[A-Z][a-z ]*: |Only )?((?:[\w-]+, )*[\w-]+ or [\w-]+)(?: ones)?\.", said)
    return re.split(r", | or ", choice[1]) if choice is not None else []


def _help_words(tree: Any, before: Sequence[str]) -> Iterator[Found]:
    command, *_ = _walked(tree, before[1:])
    yield from ((key, short(each.help or "")) for key, each in getattr(command, "commands", {}).items())
    if len(before) == 1:
        yield from (("exit-codes", "What the numbers mean."), ("environment", "What is looked at."))


def _site() -> Path:
    from gateway.config.finding import find_site  # noqa: PLC0415 - only where names of the site are wanted

    words = sys.argv
    named = next((words[at + 1] for at, each in enumerate(words[:-1]) if each in ("--site", "--config")), "")
    return find_site(Path.cwd(), Path(named) if named else None, dict(os.environ))


def _partners() -> list[str]:
    return sorted(each.stem for each in (_site() / "partners").glob("*.yaml"))


def _mappings() -> list[str]:
    from gateway.config import mapping_files  # noqa: PLC0415 - same
    from gateway.kernel.errors import NotFoundError  # noqa: PLC0415 - same

    try:
        return mapping_files.names(_site() / "mappings")
    except NotFoundError:
        return mapping_files.names(None)


def _of_database(*kinds: str) -> Callable[[], list[str]]:
    def names() -> list[str]:
        from gateway.store import glance  # noqa: PLC0415 - same

        return glance.names(_site() / "var" / "gateway.db", *kinds)

    return names


def _statuses() -> list[str]:
    from gateway.orders.lifecycle import Status  # noqa: PLC0415 - same

    return [each.value for each in Status]


def _codes() -> list[str]:
    from gateway.kernel.causes import CAUSES  # noqa: PLC0415 - same

    return sorted(CAUSES)


_ORDERS = "orders (?!new|list|labels|packing-slip).*|returns request"
_FROM_SITE: tuple[tuple[str, tuple[str, ...], Callable[[], list[str]]], ...] = (
    (r"partner (show|check|test)", ("name",), _partners),
    (r".*", ("--partner",), _partners),
    (r"payments move", ("--to",), _partners),
    (r"mapping (?!test).*|mapping test", ("name", "names", "--diff", "--from", "--against"), _mappings),
    (_ORDERS, ("name",), _of_database("po_numbers", "orders")),
    (r"orders (labels|packing-slip)|trace", ("name",), _of_database("po_numbers", "orders", "invoices")),
    (r"holds .*", ("target",), _of_database("holds", "held_orders")),
    (r"invoices .*", ("number",), _of_database("invoices")),
    (r"alerts .*", ("target",), _of_database("alerts")),
    (r"dispatch .*", ("name",), _of_database("dispatches")),
    (r"orders list", ("--status",), _statuses),
    (r".*", ("--code",), _codes),
    (r"explain-code", ("code",), _codes),
)
"""Which options and arguments of which commands are names of the site; the first that fits counts."""
