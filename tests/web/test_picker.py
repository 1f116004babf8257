"""The part that asks whom a reporter means: by name from the list, or by a typed number."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from builders import TODAY
from flask import Flask, render_template
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal.errors import NotAdmittedError
from portal.forms import PickerForm
from portal.staff import Member, compare, find_staff, import_list
from portal.throttle import Rate
from portal.views.reporter.picker import find_meant, picker_on_page

NUMBER = "198001012005011001"
SITI = Member(NUMBER, "Siti <Aminah>", "Kepala Seksi", "Umum")
PAGE = """{% import "_parts.html" as parts %}<form>{{ parts.problems(form) }}
{% include "reporter/_picker.html" %}</form>"""


def fill(session: Session, *more: Member) -> None:
    budis = [Member(f"{n:018}", f"Budi {n:02}", "Staf", "Umum") for n in range(12)]
    listed = [SITI, *budis, *more]
    import_list(session, listed, compare(session, listed), TODAY)


def id_of(session: Session, words: str) -> str:
    return find_staff(session, words).found[0].id.hex()


@contextmanager
def typed(app: Flask, **fields: str) -> Iterator[PickerForm]:
    """Fill in the part, as a request would."""
    with app.test_request_context("/?lang=en", base_url="http://localhost"):
        yield PickerForm(MultiDict(fields))


def shown(app: Flask, form: PickerForm) -> str:
    template = app.jinja_env.from_string(PAGE)
    return render_template(template, form=form, picker=picker_on_page(form))


def values(html: str) -> list[str]:
    return re.findall(r'type="radio" name="who" value="([0-9a-f]{32})"', html)


def test_who_is_searched_for_can_be_chosen(app: Flask, session: Session) -> None:
    fill(session)

    with typed(app, who_search="siti") as form:
        html = shown(app, form)

    assert values(html) == [id_of(session, "siti")]
    assert "<b>Siti &lt;Aminah&gt;</b>Kepala Seksi · Umum" in html
    assert 'name="who_search" type="text"' in html
    assert 'value="siti"' in html
    assert '<button class="second" name="step" value="search">' in html
    assert "checked" not in html


def test_no_number_stands_on_the_page(app: Flask, session: Session) -> None:
    fill(session)

    with typed(app, who_search="siti", who=id_of(session, "siti")) as form:
        html = shown(app, form)

    assert NUMBER not in html
    assert "who_number" not in html


def test_of_many_ten_are_shown_and_it_is_said(app: Flask, session: Session) -> None:
    fill(session)

    with typed(app, who_search="budi") as form:
        html = shown(app, form)

    assert len(values(html)) == 10
    assert 'role="status"' in html


def test_who_was_chosen_stays_chosen_while_others_are_searched(
    app: Flask, session: Session
) -> None:
    fill(session)
    siti = id_of(session, "siti")

    with typed(app, who_search="budi", who=siti) as form:
        html = shown(app, form)

    assert values(html)[0] == siti
    assert len(values(html)) == 10
    assert html.count("checked") == 1
    assert f'value="{siti}" checked' in html


@pytest.mark.parametrize("words", ["", "si", "xyzzy", "%%%", "0" * 18, NUMBER])
def test_where_nobody_is_found_nobody_can_be_chosen(
    app: Flask, session: Session, words: str
) -> None:
    fill(session)

    with typed(app, who_search=words) as form:
        html = shown(app, form)
        assert find_meant(form) is None

        assert form["who_search"].errors

    assert values(html) == []
    assert 'role="status"' in html or not words


def test_who_was_chosen_is_meant_with_the_number_of_the_list(
    app: Flask, session: Session
) -> None:
    fill(session)

    with typed(app, who_search="", who=id_of(session, "siti")) as form:
        assert find_meant(form) == SITI


@pytest.mark.parametrize("who", ["", "0" * 32, "siti", "0" * 31 + "%", "F" * 32])
def test_a_made_up_id_is_nobody(app: Flask, session: Session, who: str) -> None:
    fill(session)

    with typed(app, who=who, who_number=NUMBER, who_name="Siti") as form:
        assert find_meant(form) is None
        assert "value" in shown(app, form)


def test_who_left_the_list_meanwhile_is_asked_for_again(
    app: Flask, session: Session
) -> None:
    fill(session)
    siti = id_of(session, "siti")
    left = [Member("0" * 18, "Budi", "Staf", "Umum")]
    import_list(session, left, compare(session, left), TODAY)

    with typed(app, who_search="siti", who=siti) as form:
        assert find_meant(form) is None
        assert values(shown(app, form)) == []


def test_a_flood_of_searches_is_told_to_come_later(
    app: Flask, session: Session
) -> None:
    fill(session)
    app.extensions["lurus"].throttle.rates["search"] = Rate(2, 3600.0)

    with typed(app, who_search="siti") as form:
        pages = [shown(app, form) for _ in range(2)]
        with pytest.raises(NotAdmittedError):
            picker_on_page(form)
    with typed(app) as form:
        empty = shown(app, form)

    assert all(values(page) for page in pages)
    assert 'name="who_search"' in empty


def switched_off(app: Flask) -> None:
    object.__setattr__(app.extensions["lurus"].settings, "staff_search", False)


@pytest.mark.parametrize("number", [NUMBER, "19800101 200501 1 001", f"{1:018}"])
def test_without_the_search_a_number_is_typed_whoever_the_list_has(
    app: Flask, session: Session, number: str
) -> None:
    switched_off(app)

    with typed(app, who_number=number, who_name="Siti Aminah") as form:
        meant = find_meant(form)

    assert meant is not None
    assert (len(meant.number), meant.name) == (18, "Siti Aminah")


@pytest.mark.parametrize(
    ("number", "name", "wrong"),
    [
        ("1980", "Siti", {"who_number"}),
        ("", "Siti", {"who_number"}),
        (NUMBER, "", {"who_name"}),
        ("", "", {"who_number", "who_name"}),
    ],
)
def test_a_slip_is_told_at_its_field_and_nothing_typed_is_lost(
    app: Flask,
    session: Session,
    number: str,
    name: str,
    wrong: set[str],
) -> None:
    switched_off(app)

    with typed(app, who_number=number, who_name=name) as form:
        assert find_meant(form) is None
        html = shown(app, form)

        assert {problem.field for problem in form.error_list} == wrong

    assert all(f'value="{text}"' in html for text in (number, name) if text)
    assert all(f'href="#{field}"' in html for field in wrong)


def test_without_the_search_nobody_is_looked_up(app: Flask, session: Session) -> None:
    fill(session)
    siti = id_of(session, "siti")
    switched_off(app)

    with typed(app, who_search="siti", who=siti) as form:
        html = shown(app, form)
        assert find_meant(form) is None

    assert "Aminah" not in html
    assert siti not in html


@pytest.mark.parametrize(
    ("fields", "nobody"),
    [({}, True), ({"who_search": " "}, True), ({"who_search": "a"}, False)],
)
def test_where_nobody_need_be_meant_the_part_stays_empty(
    app: Flask, fields: dict[str, str], nobody: bool
) -> None:
    with typed(app, **fields) as form:
        assert form.names_nobody is nobody


def test_too_much_is_refused_and_kept(app: Flask, session: Session) -> None:
    with typed(app, who_search="a" * 81) as form:
        assert not form.validate()
        assert f'value="{"a" * 81}"' in shown(app, form)


def test_the_part_is_small_with_ten_long_names(app: Flask, session: Session) -> None:
    fill(
        session,
        *(
            Member(f"{n + 100:018}", f"{'Raden ' * 8}{n}", "a" * 60, "b" * 60)
            for n in range(10)
        ),
    )

    with typed(app, who_search="raden") as form:
        html = shown(app, form)

    assert len(values(html)) == 10
    assert len(html) < 4500
