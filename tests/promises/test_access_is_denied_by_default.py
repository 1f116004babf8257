"""Promise 11: every endpoint stands in one table of who may call it; default: nobody.

No GET changes anything for its sender when nothing is due. Every POST without a
form key, with a stale one, or with that of another session changes nothing.
"""

import re
from collections.abc import Callable

import pytest
from attackers import Loot
from builders import duty_of, recuse_alone
from conftest import Clock, last_day
from flask import Flask
from people import Administrator, Officer, Page, Person, Reporter
from photographs import receive_photo, send_files

from crypto import CaseCode, Cookie, FormToken
from portal import create_app
from portal.invitations import invite
from portal.roles import Role
from portal.sessions import Standing
from portal.settings import Settings
from portal.views.access import ACCESS
from portal.vouchers import print_slips

CASE = "/office/cases/CASE"
PERSON = "/admin/people/PERSON"
HERS = "/custody/cases/HERS"
ENTRY = "/office/entries/ENTRY"
FILE, HER_FILE = f"{CASE}/files/FILE", f"{HERS}/files/FILE"
OWN_KEY = "/office/account/key"
HAND_OVER = "/office/hand-over/PERSON"
VOID = "/admin/slips/BATCH/void"
EVALUATION, FINDING = "/admin/evaluations/1", "/admin/evaluations/findings/1"
ZONE_PARTS = ("declaration", "statement", "areas/change", "predicate", "pact")
PARTS_OF_A_FILE = ("", "?page=2", "/preview", "/picture", "/download")
GETS = (
    *("/", "/guidance", "/limits", "/keys", "/mend", "/report", "/case", "/?lang=en"),
    "/choose",
    *("/office/login", "/office/second-factor", "/office/closed"),
    "/office/calendar.ics",
    *("/ledger", "/ledger/checkpoint", "/ledger/leaves?from=0&to=9"),
    *("/ledger/proof", "/ledger/paper"),
    *("/office/new", "/office/notice"),
    *("/office/account", "/office/account/phone"),
    *("/office/", "/office/?status=submitted", "/office/?waiting=yes", CASE),
    *("/admin/", "/admin/invite", "/admin/settings", "/admin/first-day", PERSON),
    "/admin/clock",
    *("/admin/recovery", "/admin/staff", "/admin/slips", VOID),
    *("/zone", "/office/asked", "/admin/zone", "/admin/zone/areas/none"),
    *(f"/admin/zone/{part}" for part in ZONE_PARTS),
    *("/admin/audit", "/admin/audit?after=2", "/admin/audit?act=answered"),
    *("/admin/evaluations", EVALUATION, FINDING, "/admin/evaluations/9999999999999"),
    *("/peraga/", "/peraga/cases/1", "/peraga/cases/99", "/peraga/process"),
    *(f"{PERSON}/{act}" for act in ("invitation", "retire", "new-key")),
    f"{PERSON}/administration",
    *("/figures", "/figures/2026-H1", "/figures/2026-H1.csv"),
    *("/admin/figures", "/admin/figures/PERIOD", "/custody/figures"),
    *("/custody/", "/custody/round", HERS, f"{HERS}/assign"),
    *("/office/?mine=yes", "/office/conflicts", "/office/going"),
    *("/office/entries", "/office/entries?kind=question", ENTRY),
    *("/office/reminders", f"{ENTRY}/letter"),
    *("/case/end",),
    *("/hold", "/hold/match"),
    *("/case/end", "/case/keep", "/case/report"),
    *("/case/object", "/case/trouble", "/case/trouble?kind=hunt"),
    *(f"{path}{part}" for path in (FILE, HER_FILE) for part in PARTS_OF_A_FILE),
    *(OWN_KEY, "/office/account/take-up", "/office/account/leave", HAND_OVER),
    *("/office/invite/unknown", "/nowhere", "/static/none", f"{CASE}/message"),
)
ROLES = (
    *("visitor", "reporter", "halfway", "officer", "custodian"),
    "behind a closed screen",
    *("administrator", "evaluator"),
)
REPORT = {"category": "PUNGLI", "what": "Isian dari luar.", "step": "hand-in"}
POSTS: dict[str, dict[str, str]] = {
    "/report": REPORT,
    "/note": {"what": "Isian dari luar.", "step": "hand-in"},
    "/ask": {"what": "Isian dari luar.", "step": "hand-in"},
    "/praise": {"what": "Isian.", "who_name": "Dewi", "step": "hand-in"},
    "/choose": {"money": "yes"},
    "/remind": {"asked": "yes", "category": "DISIP", "step": "hand-in"},
    "/reply": {"code": "9SXY-JB03-FR5A-6TXN-JF0C", "text": "Isian dari luar."},
    "/report/code": {"group": "0000"},
    "/report/code/again": {},
    "/mend": {"received_on": "20/11/2026"},
    "/case/open": {"code": "CODE"},
    "/case/message": {"text": "Isian dari luar."},
    "/case/mine": {},
    "/hold": REPORT | {"asked": "yes", "day": "2027-01-31"},
    "/hold/match": REPORT | {"asked": "yes", "day": "2027-01-31"},
    "/case/keep/day": {"day": "2027-01-31"},
    "/case/keep/renew": {},
    "/case/keep/slip": {"slip": "0000-0000-0000-0000-0000"},
    "/case/report": {"readers": "OFFICER"},
    "/case/check-in": {"stopped": "no"},
    "/case/receipt": {"sure": "yes", "shows": "steps", "steps": "0"},
    "/case/withdraw": {"sure": "yes", "demanded": "yes"},
    "/case/destroy": {"sure": "yes"},
    "/case/object": {"text": "Isian dari luar."},
    "/case/trouble": {"kind": "hunt", "text": "Isian dari luar."},
    "/case/leave": {},
    "/office/login": {"name": "Rina Wulandari", "passphrase": "salah-salah-salah"},
    "/office/second-factor": {"one_time_code": "123456"},
    "/office/close-screen": {"place": "/office/"},
    "/office/closed": {"one_time_code": "123456"},
    "/office/logout": {},
    "/custody/shares": {"one_time_code": "123456"},
    "/office/account/passphrase": {"one_time_code": "123456"},
    "/office/account/phone/new": {"one_time_code": "123456"},
    "/office/account/phone": {"one_time_code": "123456"},
    "/office/account/recovery-codes": {"one_time_code": "123456"},
    "/office/find": {"q": "loket"},
    "/office/notice": {"mail_address": "rina@agency.example"},
    "/office/new": REPORT | {"came_by": "phone"},
    "/office/new/code": {"group": "0000"},
    "/office/new/code/again": {},
    f"{CASE}/message": {"text": "Isian dari luar."},
    f"{CASE}/note": {"text": "Isian dari luar."},
    f"{CASE}/triage": {"severity": "1", "reason": "Isian dari luar."},
    f"{CASE}/status": {"to": "acknowledged"},
    f"{CASE}/extend": {"reason": "Isian dari luar.", "message": "Isian dari luar."},
    f"{CASE}/keep": {"act": "hold", "reason": "Isian dari luar."},
    "/admin/invite": {"person_name": "Siti Aminah", "roles": "officer"},
    f"{PERSON}/invitation": {"act": "renew"},
    f"{PERSON}/retire": {},
    f"{PERSON}/new-key": {"act": "offer"},
    f"{PERSON}/administration": {"act": "give"},
    "/admin/clock": {"one_time_code": "123456"},
    VOID: {"one_time_code": "123456"},
    "/admin/evaluations/plan": {"due_on": "31/1/2027"},
    "/admin/evaluations/findings": {"text": "Isian dari luar."},
    EVALUATION: {"done_on": "7/12/2026", "note": "Isian dari luar."},
    FINDING: {"closed_on": "7/12/2026", "proof": "Isian dari luar."},
    "/admin/zone/declaration": {"text_id": "Isian.", "declared_at": "Kota"},
    "/admin/zone/statement": {"promises": "no-search", "signed_on": "1/1/2026"},
    "/admin/zone/areas/AREA": {"text_id": "Isian dari luar."},
    "/admin/zone/predicate": {"predicate": "WBK", "year": "2025"},
    "/admin/zone/pact": {"counts": "unit,staff,signed\nUmum,9,9"},
    "/admin/audit": {"act": "answered"},
    "/admin/audit/export": {},
    "/custody/figures": {"period": "2026-H2"},
    "/admin/figures/PERIOD": {"text_id": "Isian dari luar."},
    "/custody/round": {},
    "/custody/round/paper": {},
    f"{HERS}/duties": {},
    f"{HERS}/message": {"text": "Isian dari luar."},
    f"{HERS}/confirm": {"text": "Isian dari luar."},
    f"{HERS}/take-over": {"message": "Isian dari luar."},
    f"{HERS}/give-back": {"day": "2026-12-14", "message": "Isian dari luar."},
    f"{HERS}/status": {"to": "not-actionable", "message": "Isian dari luar."},
    f"{HERS}/assign": {"officer": "OFFICER", "reason": "Isian dari luar."},
    f"{ENTRY}/message": {"text": "Isian dari luar."},
    f"{ENTRY}/passed-on": {},
    f"{ENTRY}/deliver": {},
    f"{ENTRY}/decline": {"reason": "Isian dari luar."},
    f"{ENTRY}/take-up": {},
    f"{ENTRY}/assign": {"officer": "OFFICER"},
    f"{ENTRY}/recuse": {"officer": "OFFICER"},
    f"{CASE}/assign": {"officer": "OFFICER", "reason": "Isian dari luar."},
    f"{CASE}/recuse": {"officer": "OFFICER", "reason": "Isian dari luar."},
    "/office/conflicts": {"units": "Isian dari luar."},
    OWN_KEY: {"passphrase": "isian-dari-luar-saja"},
    f"{OWN_KEY}/continue": {},
    f"{OWN_KEY}/drop": {},
    "/office/account/take-up": {},
    "/office/account/leave": {"officer": "OFFICER"},
    HAND_OVER: {"fingerprint_end": "0000-0000", "one_time_code": "123456"},
    f"{HAND_OVER}/continue": {},
}
INVITATIONS = {"/office/invite/<token>", "/office/invite/<token>/paper"}
KEYS: dict[str, Callable[[Person, str], str]] = {
    "none": lambda _person, _path: "",
    "stale": lambda person, path: form_key(person, Cookie.generate().reveal(), path),
    "another session's": lambda person, path: form_key(
        person, visitor(person.app).cookie(), path
    ),
    "another form's": lambda person, _path: form_key(person, person.cookie(), "/other"),
}


def test_every_endpoint_stands_in_the_table_and_no_other(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}

    assert set(ACCESS) == endpoints
    assert all(who <= {*Standing, *Role} for who in ACCESS.values())


def test_a_page_that_nobody_listed_is_nobodys(app: Flask, settings: Settings) -> None:
    fresh = create_app(settings)
    fresh.add_url_rule("/unlisted", "unlisted", lambda: "open", methods=["GET", "POST"])

    pages = [Person(fresh).get("/unlisted"), signed_post(Person(fresh), "/unlisted")]

    assert [page.status_code for page in pages] == [404, 404]


def test_every_changing_page_is_tried_here(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in rule.methods]

    known = dict.fromkeys(("CASE", "HERS", "ENTRY"), "<case_id>")
    known["PERSON"] = "<person_id>"
    known |= {
        "BATCH": "<name>",
        "AREA": "<name>",
        "PERIOD": "<period>",
        "/1$": "/<int:number>",
    }
    known |= {"BATCH": "<name>", "AREA": "<name>", "/1$": "/<int:number>"}
    known["2026-H2"] = "<period>"
    pattern = "|".join(known)
    tried = {
        re.sub(pattern, lambda it: known.get(it[0], known["/1$"]), path)
        for path in POSTS
    }

    assert {rule.rule for rule in rules} == tried | INVITATIONS


@pytest.mark.parametrize("role", ROLES)
def test_who_is_not_in_the_table_changes_nothing(
    reporter: Reporter, officer: Officer, keeper: Officer, settings: Settings, role: str
) -> None:
    world = World(reporter, officer, keeper)
    person = world.person(role)
    closed = [path for path in POSTS if role not in allowed_roles(path)]
    fields = [world.filled(POSTS[path]) for path in closed]
    before = Loot.of(settings.instance)

    pages = [
        signed_post(person, world.fill(path), typed)
        for path, typed in zip(closed, fields, strict=True)
    ]

    assert len(closed) >= 4
    found = {path: page.status_code for path, page in zip(closed, pages, strict=True)}
    assert {path: code for path, code in found.items() if code != 403} == {}
    assert Loot.of(settings.instance) == before


@pytest.mark.parametrize("role", ROLES)
def test_no_get_changes_anything(
    reporter: Reporter,
    officer: Officer,
    keeper: Officer,
    settings: Settings,
    clock: Clock,
    role: str,
) -> None:
    # Long before the hour, at which due work would be done between two looks.
    clock.pass_by(minutes=-25)
    world = World(reporter, officer, keeper)
    person = world.person(role)
    # An officer's own row keeps newly opened keys, and what was looked at, once.
    for path in ("/office/", world.path, world.entry, "/custody/", world.hers):
        person.get(path)
    before = Loot.of(settings.instance)

    pages = [person.get(world.fill(path)) for path in GETS]

    assert Loot.of(settings.instance) == before
    assert all(page.status_code < 500 for page in pages)


@pytest.mark.parametrize("role", ROLES)
def test_a_head_is_no_form_either(
    reporter: Reporter,
    officer: Officer,
    keeper: Officer,
    settings: Settings,
    clock: Clock,
    role: str,
) -> None:
    # Long before the hour, at which due work would be done between two looks.
    clock.pass_by(minutes=-25)
    world = World(reporter, officer, keeper)
    person = world.person(role)
    for path in ("/office/", world.path, world.entry, "/custody/", world.hers):
        person.get(path)
    before = Loot.of(settings.instance)

    answers = [
        person.client.head(world.fill(path), base_url=BASE) for path in [*GETS, *POSTS]
    ]

    assert Loot.of(settings.instance) == before
    assert {answer.data for answer in answers} == {b""}


@pytest.mark.parametrize("path", POSTS)
def test_a_post_without_its_own_form_key_changes_nothing(
    reporter: Reporter, officer: Officer, keeper: Officer, settings: Settings, path: str
) -> None:
    world = World(reporter, officer, keeper)
    person = world.person(allowed_roles(path)[0])
    address, fields = world.fill(path), world.filled(POSTS[path])
    before = Loot.of(settings.instance)

    pages = [
        person.post(address, fields | {"csrf_token": key(person, address)})
        for key in KEYS.values()
    ]

    assert [page.status_code for page in pages] == [422] * 4
    assert Loot.of(settings.instance) == before


def test_the_same_posts_with_their_own_key_change_something(
    reporter: Reporter, officer: Officer, keeper: Officer, settings: Settings
) -> None:
    world = World(reporter, officer, keeper)
    person = world.person("reporter")
    before = Loot.of(settings.instance)

    signed_post(person, "/report", world.filled(REPORT))
    signed_post(person, "/case/message", POSTS["/case/message"])

    after = Loot.of(settings.instance)
    assert len(after.tables["cases"]) == len(before.tables["cases"]) + 1
    assert len(after.tables["messages"]) == len(before.tables["messages"]) + 2


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_post_from_another_site_changes_nothing(
    reporter: Reporter, officer: Officer, keeper: Officer, settings: Settings, site: str
) -> None:
    world = World(reporter, officer, keeper)
    person = world.person("reporter")
    before = Loot.of(settings.instance)
    fields = {
        "text": "Isian.",
        "csrf_token": form_key(person, person.cookie(), MESSAGE),
    }

    answer = person.client.post(
        MESSAGE, data=fields, headers={"Sec-Fetch-Site": site}, base_url=BASE
    )

    assert answer.status_code == 403
    assert Loot.of(settings.instance) == before


MESSAGE = "/case/message"
BASE = "http://localhost"


class World:
    """A case, and people of every standing who have not done anything yet."""

    def __init__(self, reporter: Reporter, officer: Officer, keeper: Officer) -> None:
        self.hers = put_before(reporter, keeper)
        self.code = reporter.hand_in("Pungutan di loket tiga.")
        (self.path,) = officer.case_paths()
        self.reporter, self.officer, self.keeper = reporter, officer, keeper
        self.file = attach(reporter.app, self.code)
        self.entry = ask(reporter, officer)
        self.batch = slips_of(reporter.app)

    def person(self, role: str) -> Person:
        if role == "behind a closed screen":
            self.officer.send(self.officer.get("/office/"), "/office/close-screen")
        if role in {"officer", "behind a closed screen"}:
            return self.officer
        if role == "custodian":
            return self.keeper
        if role == "administrator":
            return self.join(Role.ADMINISTRATOR)
        if role == "evaluator":
            return self.join(Role.EVALUATOR)
        if role == "reporter":
            self.reporter.open_case(self.code)
            return self.reporter
        person = visitor(self.reporter.app)
        if role == "halfway":
            fields = {"name": "Siapa Saja", "passphrase": "kata-kata-apa-saja"}
            person.send(person.get("/office/login"), "/office/login", **fields)
        return person

    def fill(self, path: str) -> str:
        path = path.replace(PERSON, self.person_path)
        return (
            path.replace(CASE, self.path)
            .replace(HERS, self.hers)
            .replace(ENTRY, self.entry)
            .replace("PERSON", "0" * 32)
            .replace("FILE", self.file)
            .replace("BATCH", self.batch)
            .replace("AREA", "change")
            .replace("PERIOD", "2026-H2")
        )

    def filled(self, fields: dict[str, str]) -> dict[str, str]:
        secret = self.reporter.app.extensions["lurus"].secret
        now = self.reporter.app.extensions["lurus"].timestamp()
        token = FormToken.issue(secret, now - 60).reveal()
        readers = {"readers": self.officer_id()} if "what" in fields else {}
        coded = {k: v.replace("CODE", self.code) for k, v in fields.items()}
        return coded | readers | {"form_token": token}

    def join(self, role: Role) -> Administrator:
        """Invite and enrol somebody of that role, who comes in."""
        runtime = self.reporter.app.extensions["lurus"]
        with runtime.database.sessions() as session:
            token = invite(
                session,
                f"Budi, {role}",
                position="Analis",
                unit="Umum",
                roles=frozenset({role}),
                today=runtime.today(),
                until=last_day(role, runtime.today()),
            )
        person = Administrator(self.reporter.app)
        person.enrol(f"http://localhost/office/invite/{token}", runtime.timestamp())
        person.log_in(runtime.timestamp())
        return person

    @property
    def person_path(self) -> str:
        """The address of an officer's page in the list of people."""
        return PERSON.replace("PERSON", self.officer_id())

    def officer_id(self) -> str:
        page = self.reporter.get("/report")
        return page.form("/report").value("readers")


def slips_of(app: Flask) -> str:
    """Print slips; return the name of their batch."""
    runtime = app.extensions["lurus"]
    with runtime.database.sessions() as session:
        return print_slips(session, 3, runtime.today()).batch


def attach(app: Flask, code: str) -> str:
    """Send a file to a case; return its name in addresses."""
    with app.extensions["lurus"].database.sessions() as session:
        received = receive_photo(session)
        send_files(session, code, received)
    return received.file.object_id.hex()


def put_before(reporter: Reporter, keeper: Officer) -> str:
    """Hand in a report whose last reader leaves it; return where its keeper finds it."""
    code = CaseCode.parse(reporter.hand_in("Pungutan di loket empat."))
    runtime = reporter.app.extensions["lurus"]
    with runtime.database.sessions() as session:
        rina = duty_of(session, "Rina Wulandari")
        recuse_alone(session, code, rina, runtime.gate_secret)
    (hers,) = re.findall(r"/custody/cases/[0-9a-f]{32}", keeper.get("/custody/").html)
    return hers


def ask(reporter: Reporter, officer: Officer) -> str:
    """Ask a question; return where officers find it."""
    reporter.keep("/ask", what="Bolehkah menerima parsel?")
    listed = officer.get("/office/entries").html
    (entry,) = re.findall(r"/office/entries/[0-9a-f]{32}", listed)
    return entry


def visitor(app: Flask) -> Person:
    person = Person(app)
    person.get("/")
    return person


def allowed_roles(path: str) -> tuple[str, ...]:
    """Return who may send this form; the test's own word, not the table's."""
    if path == "/office/logout":
        return (*AT_WORK, "behind a closed screen")
    if path in WHO:
        return (WHO[path],)
    if path == "/office/notice" or path.startswith(OWN_KEY):
        return ("officer", "custodian")
    if path == "/office/close-screen" or path.startswith("/office/account"):
        return AT_WORK
    if path in {"/admin/audit", "/admin/audit/export"}:
        return ("administrator", "custodian")
    return ROLES


ACTS = ("extend", "message", "note", "triage", "status", "assign", "recuse", "keep")
AT_WORK = ("officer", "administrator", "custodian", "evaluator")
WHO = {
    # Anyone may try, but only a browser that was shown a code has one to check.
    "/report/code": "reporter",
    "/custody/figures": "custodian",
    "/admin/figures/PERIOD": "administrator",
    **dict.fromkeys(("/case/message", "/case/mine", "/case/leave"), "reporter"),
    **dict.fromkeys(
        (
            *("/case/keep/day", "/case/keep/renew", "/case/keep/slip"),
            *("/case/report", "/case/check-in"),
        ),
        "reporter",
    ),
    "/case/receipt": "reporter",
    **dict.fromkeys(("/case/object", "/case/trouble"), "reporter"),
    f"{HERS}/confirm": "custodian",
    "/case/withdraw": "reporter",
    "/office/second-factor": "halfway",
    "/office/find": "officer",
    **dict.fromkeys(("/office/new", "/office/new/code"), "officer"),
    "/office/new/code/again": "officer",
    "/office/closed": "behind a closed screen",
    "/custody/shares": "custodian",
    **dict.fromkeys(("/custody/round", "/custody/round/paper"), "custodian"),
    **{f"{HERS}/{act}": "custodian" for act in ("duties", "message", "assign")},
    **{f"{HERS}/{act}": "custodian" for act in ("take-over", "give-back", "status")},
    **{f"{CASE}/{act}": "officer" for act in ("message", "note", "triage", "status")},
    **dict.fromkeys(("/admin/invite", "/admin/clock", VOID), "administrator"),
    **dict.fromkeys(
        (
            *("/admin/evaluations/plan", "/admin/evaluations/findings"),
            *(EVALUATION, FINDING),
        ),
        "administrator",
    ),
    **{path: "administrator" for path in POSTS if path.startswith("/admin/zone")},
    **{
        f"{PERSON}/{act}": "administrator"
        for act in ("invitation", "retire", "new-key", "administration")
    },
    **{f"{CASE}/{act}": "officer" for act in ACTS},
    **{f"{ENTRY}/{act}": "officer" for act in ("message", "passed-on", "take-up")},
    **{
        f"{ENTRY}/{act}": "officer"
        for act in ("assign", "recuse", "deliver", "decline")
    },
    "/office/conflicts": "officer",
    **dict.fromkeys((HAND_OVER, f"{HAND_OVER}/continue"), "officer"),
    **{f"/office/account/{act}": "officer" for act in ("take-up", "leave")},
}


def form_key(person: Person, cookie: str, path: str) -> str:
    instance = person.app.extensions["lurus"].instance
    return Cookie.parse(cookie).form_key(path, instance)


def signed_post(
    person: Person, path: str, fields: dict[str, str] | None = None
) -> Page:
    """Send a form with the right key of its path, as if its page had been open."""
    if person.client.get_cookie("session", domain="localhost") is None:
        person.get("/")
    key = form_key(person, person.cookie(), path)
    return person.post(path, {"csrf_token": key} | (fields or {}))
