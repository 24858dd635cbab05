"""Generated source of outbound mappings: a function from a canonical document to segments or rows, or to nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import localcontext
from typing import cast

from gateway.formats.delimited import DelimitedOptions
from gateway.mapping.environment import Environment
from gateway.mapping.generated.out_rules import OutRules
from gateway.mapping.generated.out_scope import OutScope
from gateway.mapping.generated.out_x12 import OutSegments
from gateway.mapping.generated.writer import NotGeneratedError, Writer, compiled
from gateway.mapping.language.values import CONTEXT
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.writing import columns
from gateway.mapping.writing.plans import ColumnsPlan, OutPlan, SegmentsPlan

MOST_KEPT = 500
_MEMORY: dict[tuple[str, str, int], "Generated"] = {}
Lines = tuple[tuple[str, ...], ...]
Run = Callable[[object, Environment], Lines | None]


@dataclass(frozen=True, slots=True)
class Generated:
    """The source of a mapping and its function; without one, ``why`` none was made. ``plan`` is what it was made of."""

    source: str
    function: Run | None
    why: str = ""
    plan: OutPlan | None = None

    def lines(self, document: object, env: Environment) -> Lines | None:
        """The segments or rows of a document, None when the interpreter has to judge."""
        if self.function is None:
            return None
        try:
            with localcontext(CONTEXT):
                return self.function(document, env)
        except Exception:  # noqa: BLE001 - whatever it is, the interpreter finds it again and says it properly
            return None


def of(prepared: PreparedMapping, plan: OutPlan | None, version: str) -> Generated:
    """The source of a mapping in an X12 version, made when it is first needed and kept for the process.

    The guide of a partner is no part of the hash, so with one every plan has its own source.
    """
    key = prepared.spec_hash, version, id(plan) if prepared.guides else 0
    found = _MEMORY.get(key)
    if found is None:
        if len(_MEMORY) >= MOST_KEPT:
            _MEMORY.clear()
        found = _MEMORY[key] = generate(prepared, plan)
    return found


def generate(prepared: PreparedMapping, plan: OutPlan | None) -> Generated:
    """The source of a mapping."""
    source = ""
    try:
        writer = _written(prepared, plan)
        source = writer.text()
        function = cast("Run", compiled(source, prepared.name, writer.constants, "written"))
    except NotGeneratedError as error:
        return Generated(source, None, str(error), plan)
    except Exception as error:  # noqa: BLE001 - whatever a mapping has that no source can be made of, the interpreter can
        return Generated(source, None, f"{type(error).__name__}: {error}", plan)
    return Generated(source, function, plan=plan)


def _written(prepared: PreparedMapping, plan: OutPlan | None) -> Writer:
    """The function ``written``."""
    writer = Writer()
    scope = OutScope(writer, prepared.document, prepared.model, "document")
    with writer.block("def written(document, env)"):
        writer.line(f'"""{prepared.name}: what is written, or None for the interpreter to judge."""')
        if isinstance(plan, SegmentsPlan):
            writer.line("segments = []")
            writer.line("levels = 0")
            OutSegments(writer, OutRules(writer)).instances(plan.body, scope, 0)
            writer.line("return tuple(segments)")
        elif isinstance(plan, ColumnsPlan):
            _rows(writer, plan, scope, prepared.delimited)
        else:
            raise NotGeneratedError(f"the format '{prepared.format}' is written rule by rule")
    return writer


def _rows(writer: Writer, plan: ColumnsPlan, scope: OutScope, options: DelimitedOptions) -> None:
    """The rows of one document."""

    def fits(text: str, value: object) -> str:
        return columns.written(columns.guarded(text, value, options), options.encoding, options.on_bad_char)

    rules = OutRules(writer, fits)
    writer.line("rows = []")
    with rules.items(plan.document, scope) as whole, rules.items(plan.group, whole) as item:
        for at, rule in enumerate(plan.rules, start=1):
            rules.text(rule, item, f"cell_{at}")
        writer.line(f"rows.append(({', '.join(f'cell_{at}' for at in range(1, len(plan.rules) + 1))},))")
    writer.line("return tuple(rows)")
