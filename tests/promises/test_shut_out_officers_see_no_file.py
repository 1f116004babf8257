"""Promise 10: a file that is not for an officer looks like one that was never there.

Unticked, recused, of another case, not handed over yet, or of no name: the page, the
small picture, the large one and the download have the bytes of no such case.
"""

import secrets
from collections.abc import Callable

import pytest
from attackers import bare, body_size, shape
from builders import duty_of
from people import Officer, Page, Reporter
from photographs import files_on, receive_photo, send_files
from sqlalchemy.orm import Session

PARTS = ("", "/preview", "/picture", "/download")
RINA, YUSUF = "Rina Wulandari", "Yusuf Hidayat"


class Story:
    """Rina, Yusuf, and who writes to them."""

    def __init__(
        self, session: Session, reporter: Reporter, rina: Officer, yusuf: Officer
    ) -> None:
        self.session, self.reporter = session, reporter
        self.rina, self.yusuf = rina, yusuf

    def id_of(self, name: str) -> str:
        return duty_of(self.session, name).person.id.hex()

    def hand_in(self, *, at_once: bool = True, **answers: object) -> str:
        """Hand in a report with a photo; return where the photo is."""
        known = set(self.yusuf.case_paths())
        code = self.reporter.hand_in("Ada pungutan di loket.", **answers)
        received = receive_photo(self.session)
        send_files(self.session, code, received, at_once=at_once)
        (case,) = set(self.yusuf.case_paths()) - known
        return f"{case}/files/{received.file.object_id.hex()}"


def unticked(story: Story) -> str:
    return story.hand_in(readers=[story.id_of(YUSUF)])


def recused(story: Story) -> str:
    path = story.hand_in()
    case = path.partition("/files/")[0]
    assert files_on(story.rina.get(case)) == [path]
    fields = {"officer": story.id_of(RINA), "reason": "Kerabat."}
    assert story.yusuf.act(case, "recuse", **fields).status_code == 303
    return path


def of_another_case(story: Story) -> str:
    case = story.hand_in().partition("/files/")[0]
    return f"{case}/files/{story.hand_in().rpartition('/')[2]}"


def not_handed_over(story: Story) -> str:
    path = story.hand_in(at_once=False)
    assert files_on(story.rina.get(path.partition("/files/")[0])) == []
    return path


def of_no_name(story: Story) -> str:
    return story.hand_in().rpartition("/")[0] + "/..%2Fgate.key"


WAYS: tuple[Callable[[Story], str], ...] = (
    *(unticked, recused, of_another_case, not_handed_over, of_no_name),
)


@pytest.mark.parametrize("way", WAYS)
def test_a_file_that_is_not_for_an_officer_was_never_there(
    session: Session,
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    way: Callable[[Story], str],
) -> None:
    path = way(Story(session, reporter, officer, outside_officer))
    nowhere = f"/office/cases/{secrets.token_hex(16)}/files/{secrets.token_hex(16)}"

    hidden = [officer.get(path + part) for part in PARTS]
    missing = [officer.get(nowhere + part) for part in PARTS]

    assert [page.status_code for page in hidden] == [404] * 4
    assert looks(hidden, path) == looks(missing, nowhere)


def test_a_colleague_who_may_read_sees_the_same_file(
    session: Session, reporter: Reporter, officer: Officer, outside_officer: Officer
) -> None:
    path = unticked(Story(session, reporter, officer, outside_officer))

    pages = [outside_officer.get(path + part) for part in PARTS]

    assert [page.status_code for page in pages] == [200] * 4


def looks(pages: list[Page], path: str) -> list[tuple[object, ...]]:
    """Return all that an observer sees of pages, and their words."""
    case = path.partition("/files/")[0]
    return [(bare(one, path, case), *shape(one), body_size(one)) for one in pages]
