"""The example bytes in FORMAT.md are those of the vectors."""

import hashlib
import re
from pathlib import Path

import pytest
from known_answers.files import names, read

import crypto

FORMAT = (Path(crypto.__file__).parent / "FORMAT.md").read_text("utf-8")
EXAMPLE = re.compile(
    r"Vector `(\w+)`: ([\d,]+) bytes,\s+`([0-9a-f]+)…?`,"
    r"\s+SHA-256\s+`([0-9a-f]{64})`(?:,\s+gives `([0-9a-f]+)…?`)?\."
)
EXAMPLES = EXAMPLE.findall(FORMAT)
SECTIONS = set(re.findall(r"^#{2,3} (\d+(?:\.\d+)?) ", FORMAT, re.MULTILINE))


@pytest.mark.parametrize(
    ("name", "size", "start", "digest", "output"),
    EXAMPLES,
    ids=[e[0] for e in EXAMPLES],
)
def test_an_example_is_the_vector_it_names(name, size, start, digest, output):
    vector = read(name)

    assert vector.body.hex().startswith(start)
    assert vector.inputs["output"].startswith(output)
    assert f"{len(vector.body):,}" == size
    assert hashlib.sha256(vector.body).hexdigest() == digest


def test_every_example_is_well_formed():
    assert FORMAT.count("\nVector `") == len(EXAMPLES)


def test_the_page_shows_a_vector_of_every_construction():
    shown = {read(name).construction for name, *_ in EXAMPLES}

    assert shown == {read(name).construction for name in names()}


@pytest.mark.parametrize("name", names())
def test_a_vector_cites_a_section_that_exists(name):
    assert read(name).section in SECTIONS


@pytest.mark.parametrize(
    "path",
    sorted(Path(crypto.__file__).parent.glob("*.py")),
    ids=lambda path: path.name,
)
def test_the_code_cites_sections_that_exist(path):
    cited = re.findall(
        r"FORMAT (\d+(?:\.\d+)?)(?: and (\d+))?", path.read_text("utf-8")
    )

    assert {section for pair in cited for section in pair if section} <= SECTIONS
