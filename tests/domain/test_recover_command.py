"""`lurus recover`: people with papers at a terminal, each shown one share alone."""

import shutil
from pathlib import Path

import pytest
from builders import (
    acts_on_record,
    add_officer,
    dump,
    make_shares,
    wrap_for_recovery,
)
from click.testing import CliRunner, Result
from holders import Holders
from sqlalchemy.orm import Session

from crypto import Identity, RecoveryShare, combine, split
from portal.cases import Duty
from portal.cli import main
from portal.database import DATABASE_FILE
from portal.recovery import read_status
from portal.settings import Settings

NAME = "Rina Wulandari"


def recover(instance: Path, *arguments: str, typed: str = "") -> Result:
    runner = CliRunner(env={"LURUS_INSTANCE": str(instance)})
    return runner.invoke(main, ["recover", *arguments], input=typed)


def papers_for(session: Session, duty: Duty, need: int = 2, of: int = 3) -> list[str]:
    shares = make_shares(session, need, of)
    wrap_for_recovery(session, duty)
    return [share.reveal() for share in shares]


def typed(*papers: str) -> str:
    return "".join(f"{paper}\n" for paper in papers)


def with_word(paper: str, number: int, word: str) -> str:
    words = paper.split()
    words[number - 1] = word
    return " ".join(words)


def key_on(result: Result) -> bytes:
    """The seed that stands on the paper key."""
    return combine([RecoveryShare.parse(result.stdout)]).reveal()


def test_a_ceremony_gives_each_holder_a_share_and_keeps_none(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rina = add_officer(session, NAME)
    holders = Holders()

    assert holders.hold(monkeypatch, settings.instance) == 0

    assert len(holders.papers) == 3
    wrap_for_recovery(session, rina)
    result = recover(settings.instance, "officer", NAME, typed=typed(*holders.papers))
    assert (result.exit_code, key_on(result)) == (0, rina.identity.reveal())
    assert read_status(session).fingerprint in holders.screen.getvalue()
    assert acts_on_record(session)[-1] == "recovery shares made"
    kept = b"".join(
        path.read_bytes() for path in settings.instance.iterdir() if path.is_file()
    )
    seed = combine([RecoveryShare.parse(one) for one in holders.papers]).reveal()
    assert seed not in kept
    assert not [paper for paper in holders.papers if paper[:30].encode() in kept]


def test_a_ceremony_makes_as_many_shares_as_are_asked_for(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_officer(session, NAME)
    holders = Holders()

    assert holders.hold(monkeypatch, settings.instance, "--need", "3", "--of", "5") == 0

    shares = [RecoveryShare.parse(paper) for paper in holders.papers]
    assert [(share.number, share.need) for share in shares] == [
        (number, 3) for number in range(1, 6)
    ]


def test_a_slip_in_writing_down_shows_the_words_once_more(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_officer(session, NAME)
    holders = Holders(slips=2)

    assert holders.hold(monkeypatch, settings.instance) == 0

    assert "That is not what stands there" in holders.screen.getvalue()
    assert len(holders.papers) == 3


@pytest.mark.parametrize("question", [1, 2, 4, 9, 13])
def test_a_ceremony_that_is_abandoned_leaves_nothing(
    session: Session,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    question: int,
) -> None:
    rina = add_officer(session, NAME)
    papers_for(session, rina)
    before = dump(session)

    assert Holders(leave_at=question).hold(monkeypatch, settings.instance) == 1

    assert dump(session) == before


def test_new_shares_say_what_becomes_of_the_old(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rina = add_officer(session, NAME)
    old, holders = papers_for(session, rina), Holders()

    holders.hold(monkeypatch, settings.instance)

    said = " ".join(holders.screen.getvalue().split())
    assert "There are shares already, made on 2026-12-07" in said
    assert "Keep them until /admin/recovery says" in said
    # Rina has not logged in since: the old shares still give her key back.
    result = recover(settings.instance, "officer", NAME, typed=typed(*old))
    assert key_on(result) == rina.identity.reveal()


@pytest.mark.parametrize(
    "arguments",
    [
        ("shares", "--need", "1"),
        ("shares", "--need", "3", "--of", "2"),
        ("shares", "--of", "17"),
        ("officer",),
        ("everybody",),
    ],
)
def test_wrong_usage_exits_with_two(
    settings: Settings, arguments: tuple[str, ...]
) -> None:
    assert recover(settings.instance, *arguments).exit_code == 2


def test_four_letters_of_each_word_are_enough_on_any_number_of_lines(
    session: Session, settings: Settings
) -> None:
    rina = add_officer(session, NAME)
    first, _second, third = papers_for(session, rina)
    short = "\n".join(
        f"{n}. {word[:4].upper()}" for n, word in enumerate(first.split(), 1)
    )

    result = recover(settings.instance, "officer", NAME, typed=typed(short, third))

    assert key_on(result) == rina.identity.reveal()


def test_a_copy_of_the_database_is_enough_and_is_not_changed(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    rina = add_officer(session, NAME)
    papers = papers_for(session, rina)
    session.rollback()
    copy = tmp_path / "stick"
    copy.mkdir()
    for file in settings.instance.glob(f"{DATABASE_FILE}*"):
        shutil.copy(file, copy)
    before = dump(session)

    result = recover(copy, "officer", NAME, typed=typed(*papers[:2]))

    assert key_on(result) == rina.identity.reveal()
    assert "lurus people" in result.stderr
    assert dump(session) == before


@pytest.mark.parametrize(
    ("slip", "sentence"),
    [
        (lambda paper: with_word(paper, 7, "zebra"), "Word 7, zebra, is in no list."),
        (lambda paper: with_word(paper, 7, "aci"), "Word 7, aci, is in no list."),
        (
            lambda paper: with_word(
                paper, 7, "acid" if paper.split()[6] != "acid" else "acne"
            ),
            "All words are known, but one is wrong",
        ),
        (
            lambda paper: " ".join(paper.split()[:20]) + "\n",
            "A share has 33 words, this has 20.",
        ),
    ],
)
def test_a_slip_is_named_and_the_same_share_asked_for_again(
    session: Session, settings: Settings, slip: object, sentence: str
) -> None:
    rina = add_officer(session, NAME)
    first, second, _third = papers_for(session, rina)
    wrong = slip(first)  # type: ignore[operator]

    result = recover(
        settings.instance, "officer", NAME, typed=typed(wrong, first, second)
    )

    assert sentence in result.stderr
    assert key_on(result) == rina.identity.reveal()


def test_the_same_share_twice_and_one_of_another_set_do_not_count(
    session: Session, settings: Settings
) -> None:
    rina = add_officer(session, NAME)
    first, second, _third = papers_for(session, rina)
    foreign = split(Identity.generate())[1]

    result = recover(
        settings.instance, "officer", NAME, typed=typed(first, first, foreign, second)
    )

    assert "This share was typed already." in result.stderr
    assert "This share is of another set than the first." in result.stderr
    assert key_on(result) == rina.identity.reveal()


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (0, "No share was given; nothing was opened and nothing is changed."),
        (1, "3 shares are needed, 1 given: nothing was opened."),
        (2, "3 shares are needed, 2 given: nothing was opened."),
    ],
)
def test_too_few_shares_open_nothing(
    session: Session, settings: Settings, count: int, sentence: str
) -> None:
    rina = add_officer(session, NAME)
    papers = papers_for(session, rina, need=3, of=5)
    before = dump(session)

    result = recover(settings.instance, "officer", NAME, typed=typed(*papers[:count]))

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith(f"Error: {sentence}\n")
    assert dump(session) == before


def test_shares_of_another_portal_open_nothing(
    session: Session, settings: Settings
) -> None:
    rina = add_officer(session, NAME)
    papers_for(session, rina)
    foreign = split(Identity.generate())

    result = recover(settings.instance, "officer", NAME, typed=typed(*foreign[:2]))

    assert (result.exit_code, result.stdout) == (1, "")
    assert "but to another recovery key than this person's" in result.stderr


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Siapa Saja", "Nobody of that name was ever invited"),
        ("Joko Prasetyo", "Nothing of this person is kept for the shares"),
    ],
)
def test_who_cannot_be_recovered_is_said_before_a_share_is_asked_for(
    session: Session, settings: Settings, name: str, sentence: str
) -> None:
    rina = add_officer(session, NAME)
    papers = papers_for(session, rina)
    add_officer(session, "Joko Prasetyo")

    result = recover(settings.instance, "officer", name, typed=typed(*papers))

    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {sentence}")


def test_without_a_database_there_is_one_sentence(tmp_path: Path) -> None:
    results = [recover(tmp_path, "officer", NAME), recover(tmp_path, "shares")]

    assert [result.exit_code for result in results] == [1, 1]
    assert all(result.stderr.startswith("Error: ") for result in results)
