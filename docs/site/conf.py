"""How Sphinx makes the site; it takes the pages that ``build.py`` lays out."""

from typing import ClassVar

from pygments.lexer import RegexLexer, bygroups
from pygments.lexers.special import TextLexer
from pygments.token import Keyword, Operator, Punctuation, String, Whitespace
from sphinx.application import Sphinx

project = "Gateway"
extensions = ["myst_parser"]
myst_heading_anchors = 6
suppress_warnings = ["misc.highlighting_failure"]  # some blocks show mistakes on purpose

smartquotes = False  # what a page quotes is what the program says

html_theme = "furo"
html_title = "Gateway"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
pygments_style = "tango"
pygments_dark_style = "monokai"


class EdiLexer(RegexLexer):
    """X12: the name of each segment, and what separates its elements."""

    name = "EDI"
    aliases: ClassVar = ["edi"]
    tokens: ClassVar = {
        "root": [
            (r"(^|(?<=~))(\s*)([A-Z][A-Z0-9]{1,2})(?=[*|])", bygroups(Whitespace, Whitespace, Keyword)),
            (r"[*|>^]", Punctuation),
            (r"~", Operator),
            (r"[^*|>^~\n]+", String),
            (r"\n", Whitespace),
        ]
    }


def setup(app: Sphinx) -> None:
    """Name the kinds of blocks that Pygments does not know."""
    app.add_lexer("edi", EdiLexer)
    app.add_lexer("csv", TextLexer)
    app.add_lexer("mermaid", TextLexer)
