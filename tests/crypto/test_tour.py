"""The tour in the docstring of `crypto` runs, and the package offers what it says."""

import doctest
import inspect

import pytest

import crypto


def test_the_tour_runs():
    tried = doctest.testmod(crypto)

    assert tried.attempted > 10
    assert tried.failed == 0


@pytest.mark.parametrize("name", crypto.__all__)
def test_what_is_offered_is_there(name):
    assert hasattr(crypto, name)


def test_all_that_is_imported_is_offered():
    names = {
        name
        for name, thing in vars(crypto).items()
        if not name.startswith("_") and not inspect.ismodule(thing)
    }

    assert names == set(crypto.__all__)
    assert crypto.__all__ == sorted(crypto.__all__, key=lambda n: (not n.isupper(), n))
