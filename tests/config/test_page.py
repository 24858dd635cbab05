"""The page about configuration names every document, setting and key of an entry."""

import pytest

from gateway.canonical.registry import DOCUMENTS
from gateway.config.alerts import Alerts, Digest, Mail, Route
from gateway.config.channels import DirectoryIn, DirectoryOut, Login, Retry, SftpIn, SftpOut
from gateway.config.clocks import Expect, Sla
from gateway.config.partner import Partner
from gateway.config.partner_documents import DocumentUse, When
from gateway.config.partner_terms import TermsSection
from gateway.config.settings import Logging, Retention, Run, Settings
from gateway.config.sftp_server import SftpServer
from tests.architecture.code_map import ROOT

PAGE = (ROOT / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", sorted(DOCUMENTS))
def test_every_document_is_named(document: str) -> None:
    assert f"`{document}`" in PAGE


MODELS = [
    Settings, Partner, DocumentUse, When, TermsSection, DirectoryIn, SftpIn, DirectoryOut, SftpOut, Retry, Login, Expect, Sla,
    SftpServer, Route, Digest,
]  # fmt: skip


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_is_named(model: type[Settings]) -> None:
    keys = [field.alias or name for name, field in model.model_fields.items()]

    assert [key for key in keys if f"`{key}" not in PAGE] == []


@pytest.mark.parametrize(
    ("section", "model"),
    [("run", Run), ("retention", Retention), ("mail", Mail), ("alerts", Alerts), ("logging", Logging)],
)
def test_every_key_of_a_section_is_named_with_it(section: str, model: type[Settings]) -> None:
    keys = [field.alias or name for name, field in model.model_fields.items()]

    assert [key for key in keys if f"`{section}.{key}`" not in PAGE] == []
