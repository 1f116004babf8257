"""What a command writes: a new file, for its owner alone, whole or not at all."""

from pathlib import Path

import pytest

from portal.commands.new_file import new_file
from portal.errors import LurusError

IN_THE_WAY = "{file} is there."


def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    with new_file(tmp_path / "sheet", IN_THE_WAY) as opened:
        opened.write(b"rahasia")

    assert (tmp_path / "sheet").read_bytes() == b"rahasia"
    assert (tmp_path / "sheet").stat().st_mode & 0o777 == 0o600


def test_half_of_it_never_lies_about(tmp_path: Path) -> None:
    def write_half() -> None:
        with new_file(tmp_path / "sheet", IN_THE_WAY) as opened:
            opened.write(b"rahasia")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()

    assert [*tmp_path.iterdir()] == []


def test_neither_a_file_nor_what_a_link_leads_to_is_replaced(tmp_path: Path) -> None:
    there, link, nowhere = (tmp_path / name for name in ("there", "link", "nowhere"))
    there.write_bytes(b"dulu")
    link.symlink_to(nowhere)

    for path in (there, link):
        with pytest.raises(LurusError, match="is there"), new_file(path, IN_THE_WAY):
            pass

    assert there.read_bytes() == b"dulu"
    assert not nowhere.exists()
