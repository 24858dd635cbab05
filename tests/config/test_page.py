"""The page about configuration names every document, setting and key of an entry."""

import pytest

from gateway.canonical.registry import DOCUMENTS
from gateway.config.partner import Partner
from gateway.config.partner_documents import DocumentUse, When
from gateway.config.partner_terms import TermsSection
from gateway.config.settings import Settings
from tests.architecture.code_map import ROOT

PAGE = (ROOT / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", sorted(DOCUMENTS))
def test_every_document_is_named(document: str) -> None:
    assert f"`{document}`" in PAGE


@pytest.mark.parametrize(
    "model", [Settings, Partner, DocumentUse, When, TermsSection], ids=lambda model: model.__name__
)
def test_every_key_is_named(model: type[Settings]) -> None:
    keys = [field.alias or name for name, field in model.model_fields.items()]

    assert [key for key in keys if f"`{key}" not in PAGE] == []
