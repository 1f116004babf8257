"""Every vector comes to what it says, and is made again to the same bytes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from known_answers import reference
from known_answers.files import (
    FAILURES,
    FOLDER,
    OPENS,
    Vector,
    names,
    open_vector,
    read,
)

from crypto import Identity, NotYoursError

ROOT = Path(__file__).parents[2]
VECTORS = [read(name) for name in names()]
GOOD = [vector for vector in VECTORS if vector.expect == OPENS]
FAULTS = [vector for vector in VECTORS if vector.expect != OPENS]


def name_of(vector: Vector) -> str:
    return vector.name


@pytest.mark.parametrize("vector", GOOD, ids=name_of)
def test_a_good_vector_opens_to_what_it_says(vector):
    opened = open_vector(vector)

    assert opened.hex() == vector.inputs["output"]


@pytest.mark.parametrize("vector", FAULTS, ids=name_of)
def test_a_faulty_vector_fails_the_way_it_says(vector):
    failure = FAILURES[vector.expect]

    with pytest.raises(failure) as caught:
        open_vector(vector)

    outcomes = [one for one in FAILURES.values() if isinstance(caught.value, one)]
    assert outcomes == [failure]


@pytest.mark.parametrize("vector", VECTORS, ids=name_of)
def test_a_vector_file_has_one_spelling(vector):
    kept = (FOLDER / f"{vector.name}.vector").read_text("utf-8")

    assert vector.text() == kept


def test_the_vectors_are_made_again_to_the_same_bytes():
    script = [sys.executable, "tests/crypto/make_vectors.py", "--check"]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])

    made = subprocess.run(
        script,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (made.stderr, made.returncode) == ("", 0)


def test_the_published_xwing_seed_gives_the_published_public_key():
    published = read("xwing_published")

    public = bytes(Identity(published.body).recipient)

    assert published.body.hex().startswith("7f9c2ba4e88f827d")
    assert public == published.raw("output")


def test_the_published_xwing_ciphertext_gives_the_published_shared_secret():
    published = read("xwing_published")
    enc, shared = published.raw("encapsulation"), published.raw("shared-secret")
    wrapped = reference.wrap(b"text", enc, shared, b"lurus/v1/example", b"one")

    opened = Identity(published.body).unwrap(
        wrapped, label=b"lurus/v1/example", context=(b"one",)
    )

    assert opened == b"text"


def test_an_unpublished_shared_secret_does_not_open():
    published = read("xwing_published")
    enc = published.raw("encapsulation")
    wrapped = reference.wrap(b"text", enc, bytes(32), b"lurus/v1/example", b"one")

    with pytest.raises(NotYoursError):
        Identity(published.body).unwrap(
            wrapped, label=b"lurus/v1/example", context=(b"one",)
        )


def test_a_vector_names_one_of_four_outcomes():
    outcomes = {vector.expect for vector in VECTORS}

    assert outcomes == {OPENS, *FAILURES}
