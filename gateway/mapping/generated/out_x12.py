"""X12 sets in generated source: one segment after the other, each written when something in it decides it."""

from dataclasses import replace
from itertools import pairwise

from gateway.formats.x12 import levels
from gateway.mapping.generated import out_texts
from gateway.mapping.generated.out_rules import OutRules
from gateway.mapping.generated.out_scope import OutScope
from gateway.mapping.generated.writer import NotGeneratedError, Writer
from gateway.mapping.writing.plans import OutLoop, OutSegment

_PAIR = ("qualifier", "id")


class OutSegments:
    """Writes the segments of a set."""

    def __init__(self, writer: Writer, rules: OutRules) -> None:
        self.writer = writer
        self.rules = rules
        self.prefixes: dict[int, str] = {}

    def instances(self, plan: OutLoop, scope: OutScope, depth: int) -> None:
        """A loop once, or once for each item of its list."""
        if plan.group is None:
            self.loop(plan, scope, depth)
            return
        self.writer.comment(
            f"{plan.group.target}: each {'.'.join(plan.group.each)} ({plan.group.origin.file}:{plan.group.origin.line})"
        )
        with self.rules.items(plan.group, scope) as inner:
            self.loop(plan, inner, depth)

    def loop(self, plan: OutLoop, scope: OutScope, depth: int) -> None:
        """Every segment of one loop; its first one before them where anything is written."""
        if plan.step is not None and plan.step.segment == levels.HL:
            self.level(plan, scope, depth + 1)
            return
        at = decisive = ""
        if plan.trigger is not None and plan.step is not None:
            at = self.writer.fresh(f"at_{plan.trigger.step.segment}")
            decisive = self.segment_texts(plan.trigger, scope)
            if plan.parts:
                self.writer.line(f"{at} = len(segments)")
        for part in plan.parts:
            self.part(part, scope, depth)
        if plan.trigger is not None and plan.step is not None:
            test = f"{decisive} or len(segments) > {at}" if plan.parts else decisive
            with self.writer.block(f"if {test}"):
                self.assembled(plan.trigger, f"segments.insert({at}, %s)" if plan.parts else "segments.append(%s)")

    def level(self, plan: OutLoop, scope: OutScope, depth: int) -> None:
        """One HL level before the levels inside of it; it is there when something in it is."""
        at, before = self.writer.fresh("at_HL"), self.writer.fresh("levels_before")
        scope = replace(scope, counts=False)
        self.writer.line(f"{at}, {before} = len(segments), levels")
        self.writer.line("levels += 1")
        inner = [
            each
            for each in plan.parts
            if isinstance(each, OutLoop) and each.step is not None and each.step.segment == levels.HL
        ]
        for part in plan.parts:
            if not any(part is each for each in inner):
                self.part(part, scope, depth)
        for part in inner:
            self.part(part, scope, depth)
        code = plan.step.conditions[0].values[0] if plan.step is not None and plan.step.conditions else ""
        with self.writer.block(f"if len(segments) > {at}"):
            self.writer.line(f"segments.insert({at}, {tuple(levels.level(depth, code))!r})")
        with self.writer.block("else"):
            self.writer.line(f"levels = {before}")

    def part(self, part: OutSegment | OutLoop, scope: OutScope, depth: int) -> None:
        """A segment or a loop."""
        if isinstance(part, OutLoop):
            self.instances(part, scope, depth)
            return
        with self.writer.block(f"if {self.segment_texts(part, scope)}"):
            self.assembled(part, "segments.append(%s)")

    def segment_texts(self, plan: OutSegment, scope: OutScope) -> str:
        """The texts of a segment in variables; the source that tells whether it is written."""
        if plan.many is not None:
            raise NotGeneratedError(f"{plan.step.segment} is written from a list of pairs")
        rules = [(self.variable(plan, key), rule) for key, rule in plan.elements.items()]
        rules += [(self.pair(plan, at), rule) for at, (_, rule) in enumerate(plan.pairs)]
        for name, rule in rules:
            self.rules.text(rule, scope, name)
        constant = all(rule.is_constant for _, rule in rules[: len(plan.elements)]) and not plan.pairs
        pairs = [name for name, _ in rules[len(plan.elements) :]]
        deciding = [name for name, rule in rules[: len(plan.elements)] if constant or not rule.is_constant] + pairs
        return " or ".join(deciding) or "False"

    def assembled(self, plan: OutSegment, keep: str) -> None:
        """A segment of its texts, nothing empty at its end."""
        step = plan.step
        said = {each.element: each.values[0] for each in step.conditions}
        places = {at for at, _ in plan.elements} | set(said)
        last = max(places, default=0)
        if plan.pairs:
            free = plan.free
            if last >= free[0] or any(one + len(_PAIR) != two for one, two in pairwise(free)):
                raise NotGeneratedError(f"{step.segment} has elements among its pairs")
            last = free[0] - 1
        elements = (self.tied(plan, at, self.element(plan, at, said.get(at, ""))) for at in range(1, last + 1))
        parts = [repr(step.segment), *elements]
        if not plan.pairs and last in said and all(tie.element != last for tie in plan.ties):
            self.writer.line(keep % f"({', '.join(parts)},)")
            return
        self.writer.line(f"segment = [{', '.join(parts)}]")
        for at, (code, _) in enumerate(plan.pairs):
            name = self.pair(plan, at)
            with self.writer.block(f"if {name}"):
                self.writer.line(f"segment += ({code!r}, {name})")
        with self.writer.block("while not segment[-1]"):
            self.writer.line("segment.pop()")
        self.writer.line(keep % "tuple(segment)")

    def element(self, plan: OutSegment, at: int, otherwise: str) -> str:
        """The source of an element."""
        whole = self.variable(plan, (at, 0)) if (at, 0) in plan.elements else ""
        components = {number for element, number in plan.elements if element == at and number}
        text = whole
        if components:
            names = [
                self.variable(plan, (at, number)) if number in components else "''"
                for number in range(1, max(components) + 1)
            ]
            joined = f"{self.writer.function(out_texts.composite)}({', '.join(names)})"
            text = f"({whole} or {joined})" if whole else joined
        if otherwise:
            if components:
                raise NotGeneratedError(f"{plan.step.segment}{at:02d} is a condition and a composite")
            return f"{text} or {otherwise!r}" if text else repr(otherwise)
        return text or "''"

    def tied(self, plan: OutSegment, at: int, text: str) -> str:
        """The source of an element that is left out where what a syntax note ties it to is empty."""
        said = {each.element for each in plan.step.conditions}
        for tie in plan.ties:
            if tie.element != at or not said.isdisjoint(tie.needs):
                continue
            if plan.pairs and max(tie.needs) >= plan.free[0]:
                raise NotGeneratedError(f"{plan.step.segment}{at:02d} is tied to a pair")
            needed = [self.variable(plan, key) for key in plan.elements if key[0] in tie.needs]
            text = f"({text} if {' or '.join(needed)} else '')" if needed else "''"
        return text

    def variable(self, plan: OutSegment, key: tuple[int, int]) -> str:
        """The variable of an element's text."""
        at, component = key
        return f"{self.prefix(plan)}_{at:02d}" + (f"_{component}" if component else "")

    def pair(self, plan: OutSegment, at: int) -> str:
        """The variable of an id's text."""
        return f"{self.prefix(plan)}_id_{at + 1}"

    def prefix(self, plan: OutSegment) -> str:
        """How the variables of a segment begin: the first of a loop is written after what stands inside of it."""
        if id(plan) not in self.prefixes:
            self.prefixes[id(plan)] = self.writer.fresh(plan.step.segment)
        return self.prefixes[id(plan)]
