"""The first lines of the child: the portal's modules without the portal's program.

Run by path and not by name: `portal/__init__.py` would import the whole web, which the
child neither needs nor shall have, and which takes longer than cleaning a photo.
"""

import importlib
import sys
import types
from pathlib import Path


def main() -> None:
    """Stand in for the package, and become the child."""
    portal = types.ModuleType("portal")
    portal.__path__ = [str(Path(__file__).resolve().parent.parent)]
    sys.modules["portal"] = portal
    importlib.import_module("portal.cleaning.child").main()


if __name__ == "__main__":
    main()
