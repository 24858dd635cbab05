"""Source of outbound rules and groups: the text of a rule in a variable, the loop over the items of a group."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from gateway.mapping.generated import out_texts
from gateway.mapping.generated.conversion import Conversions
from gateway.mapping.generated.out_scope import OutScope, only
from gateway.mapping.generated.writer import NotGeneratedError, Writer
from gateway.mapping.language.expressions import Expression
from gateway.mapping.writing import values
from gateway.mapping.writing.plans import OutCheck, OutGroup, OutRule
from gateway.mapping.writing.scope import sort_key


class OutRules:
    """Writes rules and groups of one mapping; ``fits`` makes a text fit the file."""

    def __init__(self, writer: Writer, fits: values.Fits | None = None) -> None:
        self.writer = writer
        self.fits = fits
        self.conversions = Conversions(writer)

    # --- texts ----------------------------------------------------------------------------------------------------------

    def text(self, rule: OutRule, scope: OutScope, name: str) -> None:
        """The text of a rule in a variable, empty when it has none."""
        source = ", ".join(each.text for each in rule.sources) or (rule.calc.text if rule.calc else f"={rule.constant}")
        self.writer.comment(f"{rule.target}: {source} ({rule.origin.file}:{rule.origin.line})")
        if rule.when is None:
            self._text(rule, scope, name)
            return
        self.writer.line(f"{name} = ''")
        with self._passing_over(rule, name), self.writer.block(f"if {self.condition(rule.when, scope)}"):
            self._text(rule, scope, name)

    def _text(self, rule: OutRule, scope: OutScope, name: str) -> None:
        if rule.constant is not None:
            text = out_texts.constant_text(rule, self.fits)
            self.writer.line(f"{name} = {text!r}" if text is not None else "return None")
            return
        found = only(rule)
        if found is not None and not rule.steps.named and found.names and found.text.strip() == found.names[0].name:
            self._of_field(rule, scope, name, scope.resolve(found.names[0].name))
            return
        with self._passing_over(rule, name):
            self.value(rule, scope)
            kept = self._texts(rule, before=not rule.steps.named)
            # only texts are remembered: what an expression gives may be anything
            text = f"{kept}[value] if value.__class__ is str else {kept}.write(value)"
            always = rule.steps.default is not None or rule.steps.required
            self.writer.line(f"{name} = {text}" if always else f"{name} = '' if value is None else {text}")

    def _of_field(self, rule: OutRule, scope: OutScope, name: str, value: str) -> None:
        """The text of one field: each value is written once."""
        found = only(rule)
        text = out_texts.texts(rule, self.fits, before=True)
        kind = scope.kind(found) if found is not None else ""
        limits = out_texts.plain_limits(rule, kind)
        kept = out_texts.remembered(rule, text, kind) if limits is None else text
        constant = self.writer.constant(f"text_of_{rule.target}", kept, ("texts", id(rule), self.fits is None))
        if limits is not None:
            # what fitted in writing/values.py leaves as it is
            length = f"{limits[0]} <= len(value) <= {limits[1]}"
            call = f"(value if {length} and value.isascii() and value.isprintable() and value[-1] != ' ' else {constant}(value))"
        else:
            call = f"{constant}[value]" if isinstance(kept, out_texts.Texts) else f"{constant}(value)"
        if rule.steps.default is not None or rule.steps.required:
            self.writer.line(f"value = {value}")
            self.writer.line(f"{name} = {call}")
        else:
            self.writer.line(f"{name} = {call} if (value := {value}) is not None else ''")

    def _texts(self, rule: OutRule, *, before: bool) -> str:
        if not before and rule.validate:
            raise NotGeneratedError(f"'{rule.target}' checks an id and then looks others up")
        kept = out_texts.Texts(out_texts.texts(rule, self.fits, before=before))
        return self.writer.constant(f"text_of_{rule.target}", kept, ("texts", id(rule), self.fits is None))

    def value(self, rule: OutRule, scope: OutScope) -> None:
        """``value`` as it is before the steps that need no names."""
        nothing = self.writer.function(out_texts.nothing)
        sources = rule.sources if rule.calc is None else (rule.calc,)
        for at, each in enumerate(sources):
            source = self.conversions.source(each, scope)
            with self.writer.block(f"if {nothing}(value)") if at else ExitStack():
                self.writer.line(f"value = {source}")
        if rule.steps.named:
            for step in rule.steps.before:
                with self.writer.block(f"if not {nothing}(value)"):
                    self.writer.line(f"value = {self.conversions.step(step, scope, 'value', is_text=False)}")

    @contextmanager
    def _passing_over(self, rule: OutRule, name: str) -> Iterator[None]:
        """With ``on_error: empty`` what cannot be computed is an empty text."""
        if rule.steps.on_error != "empty":
            yield
            return
        with self.writer.block("try"):
            yield
        with self.writer.block(f"except {self.conversions.errors()}"):
            self.writer.line(f"{name} = ''")

    def condition(self, condition: Expression, scope: OutScope) -> str:
        """The source of a condition."""
        return self.conversions.source(condition, scope, condition=True)

    # --- groups ---------------------------------------------------------------------------------------------------------

    @contextmanager
    def items(self, group: OutGroup, scope: OutScope) -> Iterator[OutScope]:
        """The loop over the items of a group; without a list its rules run once."""
        writer = self.writer
        kept = writer.fresh("kept")
        writer.line(f"{kept} = 0")
        with ExitStack() as blocks:
            inner = scope.inside()
            if group.each:
                inner = self._loops(group, scope, kept, blocks)
            for rule in group.vars:
                self._helper(rule, inner)
            if group.when is not None and group.each:
                with writer.block(f"if not {self.condition(group.when, inner)}"):
                    writer.line("continue")
            elif group.when is not None:
                blocks.enter_context(writer.block(f"if {self.condition(group.when, inner)}"))
            writer.line(f"{kept} += 1")
            self.checks(group.checks, inner)
            yield inner
        if group.limit is not None:
            with writer.block(f"if {kept} > {group.limit}"):
                writer.line("return None")

    def _loops(self, group: OutGroup, scope: OutScope, kept: str, blocks: ExitStack) -> OutScope:
        writer, inner = self.writer, scope
        if group.sort and len(group.each) > 1:
            raise NotGeneratedError(f"'{group.target}' sorts the items of several lists")
        for name in group.each:
            above, inner = inner, inner.child(name)
            listed = f"({above.resolve(name)} or ())"
            if group.sort:
                key = f"{writer.function(sort_key)}({inner.resolve(group.sort)})"
                listed = f"sorted({listed}, key=lambda {inner.item}: {key})"
            blocks.enter_context(writer.block(f"for {inner.item} in {listed}"))
        writer.line(f"{inner.index} = {kept} + 1")
        return inner

    def _helper(self, rule: OutRule, scope: OutScope) -> None:
        """A helper value."""
        self.writer.line("value = None")
        with ExitStack() as blocks:
            if rule.when is not None:
                blocks.enter_context(self.writer.block(f"if {self.condition(rule.when, scope)}"))
            if rule.constant is not None:
                self.writer.line(f"value = {rule.constant!r}")
            else:
                with self._passing_over(rule, "value"):
                    self.value(rule, scope)
                    step = out_texts.stepped(rule, before=not rule.steps.named)
                    self.writer.line(f"value = {self.writer.constant(f'steps_{rule.target}', step)}(value)")
            default = rule.steps.default.value if rule.steps.default is not None else None
            with self.writer.block(f"if {self.writer.function(out_texts.nothing)}(value)"):
                self.writer.line(f"value = {default!r}")
        self.writer.line(f"{scope.helper(rule.target)} = value")

    def checks(self, checks: tuple[OutCheck, ...], scope: OutScope) -> None:
        """The conditions of the site's own."""
        for each in checks:
            self.writer.comment(f"check: {each.that.text} ({each.origin.file}:{each.origin.line})")
            with self.writer.block(f"if not {self.condition(each.that, scope)}"):
                self.writer.line("return None")
