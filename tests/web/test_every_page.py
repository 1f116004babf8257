"""Rules that hold for every address, every standing, every status, both languages."""

import hashlib
import re
from pathlib import Path

import pytest
from builders import WAY_TO, withdraw
from flask import Flask
from people import Form, Officer, Page, Person, Reporter
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from crypto import CaseCode, Cookie
from portal.roles import Role
from portal.sessions import Standing
from portal.statuses import Author, CaseStatus, moves_from
from portal.views import officer as officer_views
from portal.views import public
from portal.views import reporter as reporter_views
from portal.views.access import ACCESS

ENTRANCES = {"/office/login", "/office/", "/office/closed", "/case"}
# Need more than this scene has: a colleague with a new key, a phone to connect, a file.
ELSEWHERE = {"public.leave_quickly", "officer.hand_over", "officer.phone"}
ELSEWHERE |= {"officer.file", "officer.file_preview", "officer.file_picture"}
ELSEWHERE |= {"officer.file_download"}
CLOSING = {
    "outcome": "not-proven",
    "message": "Terima kasih. Tidak terbukti.",
    "reason": "Sudah diperiksa dua kali.",
}


def rules(method: str) -> list[Rule]:
    """Return the addresses that take *method*; of a bare app, without installation."""
    app = Flask(__name__, static_folder=None)
    for blueprint in (public.bp, reporter_views.bp, officer_views.bp):
        app.register_blueprint(blueprint)
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]


POST_ADDRESSES = {rule.rule for rule in rules("POST")}

every_standing = pytest.mark.parametrize(
    "standing", [standing for standing in Standing if standing is not Standing.INVITED]
)
# What is sealed has pages of its own: tests/web/test_entries.py, test_own_entries.py.
every_status = pytest.mark.parametrize(
    "status", [one for one in CaseStatus if one is not CaseStatus.SEALED]
)
both_languages = pytest.mark.parametrize("lang", ["id", "en"])


def known_as(standing: Standing) -> frozenset[Standing | Role]:
    """Return what somebody of that standing is known as; at work: an officer."""
    roles = {Role.OFFICER} if standing is Standing.AT_WORK else set()
    return frozenset({standing, *roles})


class Scene:
    """One case, and people of every standing."""

    def __init__(self, reporter: Reporter, officer: Officer) -> None:
        self.reporter, self.officer = reporter, officer
        self.code = reporter.hand_in("Ada pungutan di loket.", who_unit="Umum")
        (self.path,) = officer.case_paths()

    def person(self, standing: Standing) -> Person:
        if standing is Standing.SCREEN_CLOSED:
            self.officer.send(self.officer.get("/office/"), "/office/close-screen")
        if standing in {Standing.AT_WORK, Standing.SCREEN_CLOSED}:
            return self.officer
        if standing is Standing.REPORTER:
            self.reporter.open_case(self.code)
            return self.reporter
        person = Person(self.reporter.app)
        person.get("/")
        if standing is Standing.AT_SECOND_FACTOR:
            who = {"name": "Siapa Saja", "passphrase": "kata-kata-apa-saja"}
            person.send(person.get("/office/login"), "/office/login", **who)
        return person

    def address(self, rule: Rule) -> str:
        case_id = self.path.rpartition("/")[2]
        return rule.rule.replace("<case_id>", case_id).replace("<token>", "unknown")

    def lead_to(self, status: CaseStatus, session: Session) -> None:
        """Bring the case into a status, as its people would."""
        for to in WAY_TO.get(status, ()):
            more = CLOSING if to in {"closed", "not-actionable", "referred"} else {}
            done = self.officer.act(self.path, "status", to=to, **more)
            assert done.status_code == 303, done.text
        if status is CaseStatus.WITHDRAWN:
            withdraw(session, CaseCode.parse(self.code))


def gets(scene: Scene, standing: Standing, *, allowed: bool) -> list[Page]:
    """Get every page that a standing may see, or may not."""
    person = scene.person(standing)
    wanted = [
        rule
        for rule in rules("GET")
        if known_as(standing).isdisjoint(ACCESS[rule.endpoint]) is not allowed
        and rule.endpoint not in ELSEWHERE
    ]
    return [person.get(scene.address(rule)) for rule in wanted]


def every_page(scene: Scene, lang: str) -> list[Page]:
    """Return a page of every kind that reporters and officers see."""
    reporter, officer, path = scene.reporter, scene.officer, scene.path
    for person in (reporter, officer):
        person.get(f"/?lang={lang}")
    login = {"name": "Siapa Saja", "passphrase": "kata-kata-apa-saja"}
    return [
        reporter.preview("Ada pungutan."),
        reporter.send(reporter.get("/report"), "/report", what="", step="preview"),
        reporter.send(reporter.get("/case"), "/case/open", code="7K2M"),
        reporter.send(reporter.preview("Lagi."), "/report", step="hand-in"),
        reporter.open_case(scene.code),
        reporter.write(""),
        *(officer.get(address) for address in ("/office/", path, "/guidance", "/")),
        officer.send(officer.get("/office/"), "/office/find", q="pungutan"),
        officer.act(path, "status", to="closed"),
        officer.act(path, "triage", severity="9"),
        officer.send(officer.get("/office/login"), "/office/login", **login),
        officer.get("/office/second-factor"),
        officer.get("/office/cases/unknown"),
    ]


def ids(page: Page) -> list[str]:
    return re.findall(r'\sid="([^"]*)"', page.html)


def opens(person: Person, form: Form) -> bool:
    """Tell whether a form's key belongs to its address and its browser."""
    instance = person.app.extensions["lurus"].instance
    cookie = Cookie.parse(person.cookie())
    return cookie.opens_form(
        form.value("csrf_token"), form.action.split("?")[0], instance
    )


@every_standing
def test_who_is_in_the_table_gets_the_page(
    reporter: Reporter, officer: Officer, standing: Standing
) -> None:
    scene = Scene(reporter, officer)

    pages = gets(scene, standing, allowed=True)

    assert len(pages) >= 8
    assert {page.status_code for page in pages} <= {200, 303, 404}
    # What can be done to an entry leads a report's own page back to itself.
    led = [
        page.response.headers["Location"] for page in pages if page.status_code == 303
    ]
    assert set(led) <= {"/case"}
    # The invitation, and its page for a key on paper; a report is no entry, and has no
    # leaflet.
    missing = 4 if standing is Standing.AT_WORK else 2
    assert sum(page.status_code == 404 for page in pages) == missing


@every_standing
def test_who_is_not_in_the_table_is_led_to_the_entrance(
    reporter: Reporter, officer: Officer, standing: Standing
) -> None:
    scene = Scene(reporter, officer)

    pages = gets(scene, standing, allowed=False)

    assert {page.status_code for page in pages} == {303}
    assert {page.response.headers["Location"] for page in pages} <= ENTRANCES


@every_status
def test_a_case_is_shown_to_both_in_every_status(
    reporter: Reporter, officer: Officer, session: Session, status: CaseStatus
) -> None:
    scene = Scene(reporter, officer)
    scene.lead_to(status, session)

    pages = [reporter.open_case(scene.code), officer.get(scene.path)]

    assert [page.status_code for page in pages] == [200, 200]
    assert all(
        f'id="status" class="status" data-status="{status}"' in page.html
        for page in pages
    )
    assert len(officer.case_paths()) == 1


@every_status
def test_an_officer_is_offered_the_moves_of_the_one_table(
    reporter: Reporter, officer: Officer, session: Session, status: CaseStatus
) -> None:
    scene = Scene(reporter, officer)
    scene.lead_to(status, session)

    page = officer.get(scene.path)

    offered = re.findall(r'name="to" value="([a-z-]+)"', page.html)
    assert offered == [to.value for to in moves_from(status, Author.OFFICER)]


@both_languages
def test_every_page_is_in_one_language_and_has_one_heading(
    reporter: Reporter, officer: Officer, lang: str
) -> None:
    scene = Scene(reporter, officer)

    pages = [page for page in every_page(scene, lang) if page.status_code != 303]

    assert len(pages) >= 14
    assert {page.html.count(f'<html lang="{lang}">') for page in pages} == {1}
    assert {page.html.count("<h1") for page in pages} == {1}
    assert [
        one for page in pages for one in set(ids(page)) if ids(page).count(one) > 1
    ] == []


@both_languages
def test_every_form_leads_to_a_known_address_with_its_own_key(
    reporter: Reporter, officer: Officer, lang: str
) -> None:
    scene = Scene(reporter, officer)
    reporter.open_case(scene.code)
    pages = {reporter: ["/case", "/report"], officer: ["/office/", scene.path]}

    forms = [
        (person, form)
        for person, paths in pages.items()
        for path in paths
        for form in person.get(f"{path}?lang={lang}").forms
    ]

    assert {known(form.action, scene) for _, form in forms} <= POST_ADDRESSES
    assert [form.action for person, form in forms if not opens(person, form)] == []


def known(action: str, scene: Scene) -> str:
    """Return an action as the address table writes it."""
    return action.replace(scene.path, "/office/cases/<case_id>")


@pytest.mark.parametrize(
    "path",
    [
        *("/office/cases/", "/office/cases/00", "/office/cases/" + "g" * 32),
        *("/office/cases/" + "0" * 32, "/office/cases/%00" + "0" * 31),
        *("/office/cases/" + "\N{FULLWIDTH DIGIT ZERO}" * 32, "/office/cases/../cases"),
    ],
)
def test_addresses_of_no_case_are_no_page(
    reporter: Reporter, officer: Officer, path: str
) -> None:
    assert officer.get(path).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        *("?status=nonsense", "?after=nonsense", "?after=%00", "?waiting=maybe"),
        *("?after=" + "A" * 28, "?after=" + "_" * 28, "?after=" + "A" * 4000),
        *("?status=closed&after=", "?lang=xx", "?lang=%00", "?unknown=1"),
    ],
)
def test_what_an_address_says_wrongly_is_passed_over(
    reporter: Reporter, officer: Officer, query: str
) -> None:
    reporter.hand_in("Ada pungutan.")

    assert officer.get(f"/office/{query}").status_code == 200


@pytest.mark.parametrize("path", ["/", "/report", "/office/login"])
def test_a_file_that_browsers_keep_has_its_content_in_its_address(
    app: Flask, path: str
) -> None:
    page = Person(app).get(path)

    folder = Path(app.static_folder or "")
    found = dict(re.findall(r'/static/([\w.]+)\?v=(\w+)"', page.html))
    assert found == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()[:8]
        for name in found
    }
    assert {"lurus.css", "mark.svg"} <= found.keys()
    assert page.html.count("/static/") == len(found)
