"""The report form and custodians: offered where there is one, and said in the preview."""

from collections.abc import Callable

from people import Officer, Person, Reporter

from portal.roles import Role

NEVER = "Juga tidak untuk penjaga"


def with_keeper(new_officer: Callable[..., Officer]) -> None:
    new_officer("Sri Lestari", role=Role.CUSTODIAN)


def test_without_a_custodian_nothing_of_one_is_on_the_form(reporter: Reporter) -> None:
    page = reporter.get("/report")

    assert 'name="custodian"' not in page.html


def test_a_custodian_is_named_apart_from_the_officers(
    reporter: Reporter, new_officer: Callable[..., Officer]
) -> None:
    reporter.get("/report")
    with_keeper(new_officer)

    page = reporter.get("/report")

    assert len(page.form("/report").values("readers")) == 1
    assert NEVER in page.text
    assert "Sri Lestari (Inspektorat)" in page.text


def test_the_preview_says_that_the_custodian_may_open_it(
    reporter: Reporter, new_officer: Callable[..., Officer]
) -> None:
    with_keeper(new_officer)

    preview = reporter.preview("Ada pungutan.")

    told = "Bila tenggat terlewat atau tidak ada lagi petugas, Sri Lestari bisa membukanya."
    assert told in preview.text


def test_the_preview_says_that_the_custodian_never_opens_it_and_keeps_the_tick(
    reporter: Reporter, new_officer: Callable[..., Officer]
) -> None:
    with_keeper(new_officer)

    preview = reporter.preview("Ada pungutan.", custodian="no")

    assert "Sri Lestari tidak pernah dapat membukanya." in preview.text
    assert preview.form("/report").values("custodian") == ["no"]


def test_a_custodian_who_is_named_never_opens_it(
    reporter: Reporter, new_officer: Callable[..., Officer]
) -> None:
    with_keeper(new_officer)

    preview = reporter.preview("Ada pungutan.", who_name="Bu Sri Lestari")

    assert "Sri Lestari tidak pernah dapat membukanya." in preview.text


def test_another_word_than_yes_or_no_is_refused_with_all_that_was_typed(
    reporter: Reporter, officer: Officer, new_officer: Callable[..., Officer]
) -> None:
    with_keeper(new_officer)

    page = reporter.preview("Ada pungutan.", custodian="may")

    assert page.status_code == 422
    assert page.form("/report").value("what") == "Ada pungutan."


def test_a_custodian_begins_at_the_own_list_and_finds_nothing_of_officers(
    reporter: Reporter, new_officer: Callable[..., Officer]
) -> None:
    reporter.hand_in("Ada pungutan.")
    keeper = new_officer("Sri Lestari", role=Role.CUSTODIAN)

    pages = [keeper.get(path) for path in ("/office/", "/office/cases/" + "0" * 32)]

    assert {page.response.location for page in pages} == {"/custody/"}
    assert Person(keeper.app).get("/custody/").response.location == "/office/login"
