"""The worked example of docs/reference/partner-guides.md finds what the page says."""

import json
import re
from pathlib import Path

from tests.site.harness import ROOT, new_site

PAGE = ROOT / "docs" / "reference" / "partner-guides.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_the_worked_example_finds_what_the_page_says(tmp_path: Path) -> None:
    site = new_site(tmp_path / "site")
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    for text in (text for kind, text in blocks if kind == "yaml"):
        path = site.folder / text.partition("\n")[0].removeprefix("# ")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (site.folder / "partners" / "bigmart.yaml").write_text(
        "gateway: 1\npartner: bigmart\nx12: {them: {qualifier: ZZ, id: BIGMART}}\ndocuments: {order: {in: bigmart/850}}\n"
    )
    (order,) = [text for kind, text in blocks if kind == "edi"]
    (said,) = [text for kind, text in blocks if kind == "text"]
    (site.folder / "order.edi").write_text(order)

    answer = site.gateway("validate", "order.edi", "--partner", "bigmart", "--json")

    (group,) = json.loads(answer.out)["interchanges"][0]["groups"]
    (judged,) = group["sets"]
    assert answer.code == 0
    assert (judged["verdict"], judged["faults"]) == ("A", [])
    assert [each["message"] for each in judged["guide_faults"]] == said.splitlines()
