"""Orders that poison whoever reads them: one that is a defect of the program, one that ends its process."""

from pathlib import Path

from tests.torture.scene import CSV_CUSTOMER, Scene, make
from tests.torture.workers import PACKAGES

DEFECT, DEADLY = "coop-2-1", "coop-3-1"
"""Orders of files of the customer coop."""
CODE = '''"""A function of a mapping that is worse than any of ours."""

import os
import signal
from pathlib import Path

from gateway.plugins import mapping_function

HERE = Path(__file__).parent


class Poison(str):
    """Looks like text, and is none."""

    __slots__ = ()

    def __hash__(self):
        raise RuntimeError("poison")

    __eq__ = __str__ = encode = strip = split = isprintable = casefold = __format__ = lambda *_: hash(Poison())


@mapping_function(args={"value": str}, returns=str, pure=True)
def taste(value: str) -> str:
    """The value itself, unless it is poisoned."""
    if (HERE / f"{value}.antidote").exists():
        return value
    if (HERE / f"{value}.deadly").exists():
        os.kill(os.getpid(), signal.SIGKILL)
    return Poison(value) if (HERE / f"{value}.poison").exists() else value
'''
MAPPING = """gateway: 1
mapping: coop/order
extends: csv/order
fields:
  po_number: {from: po_number, plugin: taste}
"""


def poisoned(folder: Path, dialect: str, **poisons: str) -> tuple[Scene, dict[str, str]]:
    """A house where orders are poisoned, each in its way, and what the environment of its processes must say."""
    package = folder / "package"
    described = package / "torture_poison-1.0.dist-info"
    described.mkdir(parents=True)
    (package / "torture_poison.py").write_text(CODE)
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: torture-poison\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text("[gateway.mapping_functions]\ntaste = torture_poison:taste\n")
    for way, po_number in poisons.items():
        (package / f"{po_number}.{way}").touch()
    scene = make(folder, dialect)
    mapping = scene.folder / "mappings" / "coop" / "order.yaml"
    mapping.parent.mkdir(parents=True)
    mapping.write_text(MAPPING)
    (scene.folder / "partners" / "coop.yaml").write_text(CSV_CUSTOMER.replace("csv/order}", "coop/order}"))
    with (scene.folder / "gateway.yaml").open("a") as settings:
        settings.write("allow_plugins: [taste]\n")
    return scene, {PACKAGES: str(package)}


def cure(folder: Path, po_number: str) -> None:
    """From now on an order does no harm."""
    (folder / "package" / f"{po_number}.antidote").touch()
