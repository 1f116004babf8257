"""The data file of the zone: complete, strict, and silent about law until confirmed."""

from pathlib import Path

import pytest

from portal.errors import DataFileError
from portal.zone_texts import DEFAULT_PATH, Area, Promise, read_zone_texts

FILE = DEFAULT_PATH.read_text("utf-8")


def read(folder: Path, before: str, after: str) -> object:
    file = folder / "zone.toml"
    assert before in FILE
    file.write_text(FILE.replace(before, after, 1), "utf-8")
    return read_zone_texts(file)


def test_every_promise_and_area_has_its_text() -> None:
    texts = read_zone_texts()

    assert tuple(texts.promises) == tuple(Promise)
    assert tuple(one.area for one in texts.areas) == tuple(Area)


def test_thresholds_wait_until_the_agency_has_checked_them(tmp_path: Path) -> None:
    assert read_zone_texts().thresholds == ()

    confirmed = read(tmp_path, "confirmed = false", "confirmed = true")

    assert [(one.wbk, one.wbbm) for one in confirmed.thresholds][:2] == [
        ("75", "85"),
        ("40", "48"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('key = "no-asking"', 'key = "no-askin"'),
        ('key = "service"', 'key = "change"'),
        ('en = "No group', 'ens = "No group'),
        ("fewest_staff = 10", "fewest_staff = 9"),
        ("fewest_people = 5", "fewest_people = 1"),
        ('wbbm = "85"', ""),
    ],
)
def test_a_slip_in_the_file_stops_the_start(
    tmp_path: Path, before: str, after: str
) -> None:
    with pytest.raises(DataFileError):
        read(tmp_path, before, after)
