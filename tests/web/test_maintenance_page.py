"""The page that the proxy shows while the portal does not answer."""

import base64
import hashlib
import re
from pathlib import Path

import pytest

HOME = Path(__file__).parent.parent.parent
PAGE = (HOME / "deploy" / "maintenance.html").read_text("utf-8")
PROXY = (HOME / "deploy" / "nginx.conf").read_text("utf-8")
STYLES = (HOME / "portal" / "static" / "lurus.css").read_text("utf-8")


def style() -> str:
    return PAGE.partition("<style>")[2].partition("</style>")[0]


def tokens(sheet: str, scheme: str) -> set[str]:
    """Return the colours of a scheme as they are set; the dark ones stand second."""
    blocks = re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)
    return set(re.findall(r"--\w+: #\w+", blocks[scheme == "dark"]))


def test_the_proxy_allows_its_style_and_nothing_else():
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()

    assert f"default-src 'none'; style-src 'sha256-{digest}'; base-uri" in PROXY


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_colours_are_those_of_the_portal(scheme):
    assert len(tokens(style(), scheme)) >= 6
    assert tokens(style(), scheme) <= tokens(STYLES, scheme)


def test_it_loads_nothing_and_names_nobody():
    assert re.findall(r"<(?:script|link|img|form)|url\(|https?:", PAGE) == []
    assert re.findall(r"<title>(.*?)</title>", PAGE) == ["Portal"]


def test_it_speaks_both_languages():
    assert re.findall(r'lang="(\w+)"', PAGE) == ["id", "en"]
    assert PAGE.count("<h1>") == 2
