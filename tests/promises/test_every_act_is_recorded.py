"""Promise 21: every changing act of people at work is in the audit record, once.

Each form that people at work can send stands here with the act that it writes down, or
with the reason why it is none. A form that is missing fails the suite.
"""

import re
from collections.abc import Callable

import pytest
from conftest import HOME, Clock
from flask import Flask
from people import PASSPHRASE, Administrator, Officer, Page, Reporter, link_on
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import OneTimeSecret
from portal.database import transaction
from portal.models import AuditEntry, Voucher
from portal.models import Person as PersonRow
from portal.roles import Role
from portal.sessions import Standing
from portal.views.access import ACCESS, ANYONE

NO_ACTS = {
    "officer.new_phone": "makes a secret; the account has it once its code was typed",
    "officer.login": "the verdict is given, and written down, at the second step",
    "officer.find": "asks, and changes nothing",
    "administrator.audit": "leads to an address, and changes nothing",
    "custodian.shares": "shows words once, and changes nothing",
    "public.count": "counts days for whoever asks, and changes nothing",
    "leaflet.reply": "is no act of anybody at work: whoever holds a leaflet answers",
    "custodian.round_paper": "makes a page of a round that stands in the record",
    "officer.check_code": "compares what a caller reads back",
    "officer.show_code_again": "shows once more what is on the page already",
}
ELSEWHERE = {
    # Played by people of their own there: the file, and the act in the record.
    "officer.assign": ("domain/test_readers.py", "readers changed"),
    "administrator.clock": ("domain/test_clock_guard.py", "clock confirmed"),
    "custodian.inform": ("web/test_custody.py", "informed"),
    "custodian.message": ("web/test_custody.py", "answered"),
    "custodian.assign": ("web/test_custody.py", "readers changed"),
    "custodian.confirm": ("domain/test_every_verb.py", "result confirmed"),
    "custodian.take_over": ("domain/test_every_verb.py", "taken over"),
    "custodian.give_back": ("domain/test_every_verb.py", "given back"),
    "custodian.status": ("domain/test_every_verb.py", "status changed"),
    "officer.extend": ("domain/test_every_verb.py", "deadline extended"),
    "officer.change_key": ("domain/test_rotation.py", "key change begun"),
    "officer.continue_key": ("domain/test_rotation.py", "key changed"),
    "officer.drop_key": ("domain/test_rotation.py", "key change"),
    "officer.take_up": ("domain/test_key_hand_overs.py", "cases taken up"),
    "officer.hand_over": ("domain/test_key_hand_overs.py", "cases handed over"),
    "officer.continue_hand_over": (
        *("domain/test_key_hand_overs.py", "cases handed over"),
    ),
    "officer.deliver": ("domain/test_deliveries.py", "answered"),
    "officer.decline": ("domain/test_deliveries.py", "answered"),
    "custodian.figures": ("domain/test_figures.py", "figures published"),
    "administrator.improvement": ("web/test_figures.py", "improvements changed"),
    "custodian.round": ("domain/test_rounds.py", "round held"),
    "officer.answer_entry": ("domain/test_openings.py", "answered"),
    "officer.pass_on": ("domain/test_openings.py", "good word passed on"),
    "officer.take_up_entry": ("domain/test_openings.py", "status changed"),
    "officer.assign_entry": ("domain/test_openings.py", "readers changed"),
    "officer.recuse_entry": ("domain/test_openings.py", "readers changed"),
    "officer.keep": ("domain/test_retention.py", "held back"),
    "officer.new": ("domain/test_every_verb.py", "report taken"),
    "officer.notice": ("domain/test_every_verb.py", "mail address kept"),
    "officer.leave": ("domain/test_readers.py", "readers changed"),
    "officer.paper": ("domain/test_new_keys.py", "new key taken"),
    "administrator.declaration": ("web/test_zone.py", "declaration kept"),
    "administrator.statement": ("web/test_zone.py", "statement kept"),
    "administrator.area": ("web/test_zone.py", "area reported"),
    "administrator.predicate": ("web/test_zone.py", "predicate kept"),
    "administrator.pact": ("web/test_zone.py", "pact counted"),
}
NOT_AT_WORK = frozenset({Standing.VISITOR, Standing.REPORTER})


ACCOUNT = "/office/account"
PASSPHRASES = {
    "present_passphrase": PASSPHRASE,
    "passphrase": "sepeda-tua-hijau-menyanyi-keras",
    "passphrase_again": "sepeda-tua-hijau-menyanyi-keras",
}


class Scene:
    """A case, an officer who reads it, a colleague, and an administrator."""

    def __init__(
        self,
        reporter: Reporter,
        officer: Officer,
        new_officer: Callable[..., Administrator],
        clock: Clock,
    ) -> None:
        self.reporter, self.officer, self.clock = reporter, officer, clock
        new_officer("Joko Prasetyo")
        self.keeper = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
        self.link = link_on(self.keeper.invite("Siti Aminah", self.now, "officer"))
        reporter.hand_in("Ada pungutan di loket tiga.")
        (self.case,) = officer.case_paths()
        lay_out_slips(reporter.app)
        self.joko = self.keeper.path_of("Joko Prasetyo")
        self.siti = self.keeper.path_of("Siti Aminah")

    @property
    def now(self) -> int:
        return self.clock.timestamp

    def on_case(self, act: str, **fields: str) -> Page:
        return self.officer.act(self.case, act, **fields)

    def on_account(self, act: str, **fields: str) -> Page:
        code = self.officer.fresh_code(self.clock)
        page = self.officer.get(ACCOUNT)
        return self.officer.send(page, f"{ACCOUNT}/{act}", one_time_code=code, **fields)

    def in_register(self, form: str, act: str, **fields: str) -> Page:
        """Fill in a form of the register of evaluations, with a day that fits."""
        page = self.keeper.get(f"/admin/evaluations{form}")
        return self.keeper.send(page, f"/admin/evaluations{act}", **fields)

    def plan(self) -> Page:
        return self.in_register("", "/plan", due_on="17/8/2027")

    def find(self) -> Page:
        what = {"text": "Poster belum ada.", "owner": "Sekretariat"}
        return self.in_register("", "/findings", due_on="17/8/2027", **what)

    def void_slips(self) -> Page:
        return self.confirmed("/admin/slips/7K2M4Q/void")

    def confirmed(self, path: str, **fields: str) -> Page:
        return self.keeper.confirm(path, self.now, **fields)


def lay_out_slips(app: Flask) -> None:
    """Let there be a batch of a known name."""
    with app.extensions["lurus"].database.sessions() as session, transaction(session):
        session.add(Voucher(id=bytes(32), batch="7K2M4Q"))


def close(scene: Scene) -> Page:
    return scene.officer.send(scene.officer.get("/office/"), "/office/close-screen")


def come_back(scene: Scene) -> Page:
    """Open a closed screen with a code of the phone."""
    officer, known = scene.officer, scene.officer.credentials
    close(scene)
    known.step = max(known.step + 1, scene.now // 30)
    code = known.secret.code(known.step)
    return officer.send(
        officer.get("/office/closed"), "/office/closed", one_time_code=code
    )


def connect(scene: Scene) -> Page:
    """Connect another phone."""
    scene.on_account("phone/new")
    page = scene.officer.get(f"{ACCOUNT}/phone")
    found = re.search(r'id="totp-secret">(.*?)</p>', page.html, re.DOTALL)
    assert found is not None
    secret = OneTimeSecret.parse(re.sub(r"<[^>]+>|\s", "", found[1]))
    code = secret.code(scene.now // 30)
    return scene.officer.send(page, f"{ACCOUNT}/phone", one_time_code=code)


def leave(scene: Scene) -> Page:
    return scene.officer.send(scene.officer.get("/office/"), "/office/logout")


def take_back(scene: Scene) -> Page:
    path = f"{scene.joko}/administration"
    scene.confirmed(path, act="give")
    return scene.confirmed(path, act="take")


ACTS: dict[str, tuple[Callable[[Scene], object], str, str, str | None]] = {
    # Endpoint: how it is done; who stands in the record, with what, about whom.
    "officer.invite": (
        lambda scene: Officer(scene.keeper.app).enrol(scene.link, scene.now),
        *("Siti Aminah", "enrolled", None),
    ),
    "officer.second_factor": (
        lambda scene: scene.officer.log_in(scene.now),
        *("Rina Wulandari", "logged in", None),
    ),
    "officer.close_screen": (close, "Rina Wulandari", "logged out", None),
    "officer.closed": (come_back, "Rina Wulandari", "logged in", None),
    "officer.log_out": (leave, "Rina Wulandari", "logged out", None),
    "officer.change_passphrase": (
        lambda scene: scene.on_account("passphrase", **PASSPHRASES),
        *("Rina Wulandari", "passphrase changed", None),
    ),
    "officer.recovery_codes": (
        lambda scene: scene.on_account("recovery-codes"),
        *("Rina Wulandari", "recovery codes renewed", None),
    ),
    "officer.phone": (connect, "Rina Wulandari", "phone connected", None),
    "officer.message": (
        lambda scene: scene.on_case("message", text="Di loket yang mana?"),
        *("Rina Wulandari", "answered", None),
    ),
    "officer.note": (
        lambda scene: scene.on_case("note", text="Periksa buku kas."),
        *("Rina Wulandari", "noted", None),
    ),
    "officer.triage": (
        lambda scene: scene.on_case("triage", severity="4", reason="Banyak korban."),
        *("Rina Wulandari", "triaged", None),
    ),
    "officer.status": (
        lambda scene: scene.on_case("status", to="acknowledged"),
        *("Rina Wulandari", "status changed", None),
    ),
    "officer.recuse": (
        lambda scene: scene.on_case(
            "recuse", officer=scene.joko.rpartition("/")[2], reason="Sepupu terlapor."
        ),
        *("Rina Wulandari", "readers changed", None),
    ),
    "officer.conflicts": (
        lambda scene: scene.officer.send(
            scene.officer.get("/office/conflicts"), "/office/conflicts", units="Umum"
        ),
        *("Rina Wulandari", "conflicts declared", None),
    ),
    "administrator.invite": (
        lambda scene: scene.keeper.invite("Dewi", scene.now, "custodian"),
        *("Budi Santoso", "invited", "Dewi"),
    ),
    "administrator.invitation": (
        lambda scene: scene.confirmed(f"{scene.siti}/invitation", act="renew"),
        *("Budi Santoso", "invitation renewed", "Siti Aminah"),
    ),
    "administrator.new_key": (
        lambda scene: scene.confirmed(f"{scene.joko}/new-key", act="offer"),
        *("Budi Santoso", "new key offered", "Joko Prasetyo"),
    ),
    "administrator.retire": (
        lambda scene: scene.confirmed(f"{scene.joko}/retire"),
        *("Budi Santoso", "retired", "Joko Prasetyo"),
    ),
    "administrator.administration": (
        lambda scene: scene.confirmed(f"{scene.joko}/administration", act="give"),
        *("Budi Santoso", "administration given", "Joko Prasetyo"),
    ),
    "administrator.void_slips": (
        lambda scene: scene.void_slips(),
        *("Budi Santoso", "slips voided", "7K2M4Q"),
    ),
    "administrator.plan_evaluation": (
        Scene.plan,
        *("Budi Santoso", "evaluation planned", "2027-08-17"),
    ),
    "administrator.evaluation": (
        lambda scene: scene.in_register(
            "/1", "/1", done_on="7/12/2026", note="Rapat tim."
        ),
        *("Budi Santoso", "evaluation held", "2026-12-31"),
    ),
    "administrator.add_finding": (
        Scene.find,
        *("Budi Santoso", "finding added", "1"),
    ),
    "administrator.finding": (
        lambda scene: (
            scene.find(),
            scene.in_register(
                *("/findings/1", "/findings/1"), closed_on="7/12/2026", proof="Nota 1"
            ),
        ),
        *("Budi Santoso", "finding closed", "1"),
    ),
    "administrator.export": (
        lambda scene: scene.keeper.confirm_export(scene.now),
        *("Budi Santoso", "record exported", None),
    ),
}
FURTHER: dict[str, tuple[Callable[[Scene], object], str, str, str | None]] = {
    # The second act of a form that offers two.
    "withdrawing": (
        lambda scene: scene.confirmed(f"{scene.siti}/invitation", act="withdraw"),
        *("Budi Santoso", "invitation withdrawn", "Siti Aminah"),
    ),
    "taking the role": (
        take_back,
        *("Budi Santoso", "administration taken", "Joko Prasetyo"),
    ),
}
EVERY_ACT = ACTS | FURTHER


BEFOREHAND = {
    "administrator.finding": ["finding added"],
    # What has to be done first is an act of its own.
    "officer.second_factor": ["logged out"],
    "officer.closed": ["logged out"],
    "taking the role": ["administration given"],
}


def entries(session: Session) -> list[AuditEntry]:
    session.rollback()
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.number)))


def test_every_form_of_people_at_work_is_an_act_or_says_why_not(app: Flask) -> None:
    forms = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.endpoint.startswith("reporter.")
    }

    assert forms == {*ACTS, *NO_ACTS, *ELSEWHERE}
    assert all(ACCESS[one] is ANYONE or not ACCESS[one] & NOT_AT_WORK for one in forms)


@pytest.mark.parametrize("endpoint", ELSEWHERE)
def test_what_is_played_elsewhere_looks_at_the_record(endpoint: str) -> None:
    file, word = ELSEWHERE[endpoint]

    assert word in (HOME / "tests" / file).read_text("utf-8")


@pytest.mark.parametrize("deed", EVERY_ACT)
def test_an_act_done_once_is_one_entry(
    reporter: Reporter,
    officer: Officer,
    new_officer: Callable[..., Administrator],
    clock: Clock,
    session: Session,
    deed: str,
) -> None:
    scene = Scene(reporter, officer, new_officer, clock)
    act, actor, word, concerns = EVERY_ACT[deed]
    before = len(entries(session))

    act(scene)

    (entry,) = [
        entry
        for entry in entries(session)[before:]
        if entry.act not in BEFOREHAND.get(deed, ())
    ]
    assert (entry.actor, entry.act, entry.concerns) == (actor, word, concerns)
    assert (entry.case_id is not None) is (deed in ON_CASES)


ON_CASES = {
    f"officer.{act}" for act in ("message", "note", "triage", "status", "recuse")
}


WITHOUT_CODE = {
    f"administrator.{act}"
    for act in ("plan_evaluation", "evaluation", "add_finding", "finding")
}
"""Nothing that they write gives anybody anything: they ask for no second factor."""


@pytest.mark.parametrize(
    "deed",
    sorted(
        {deed for deed in EVERY_ACT if deed.startswith("administrator.")} - WITHOUT_CODE
    ),
)
def test_an_act_that_was_refused_is_none(
    reporter: Reporter,
    officer: Officer,
    new_officer: Callable[..., Administrator],
    clock: Clock,
    session: Session,
    deed: str,
) -> None:
    scene = Scene(reporter, officer, new_officer, clock)
    scene.keeper.code = lambda _now: "000000"  # type: ignore[method-assign]
    before = len(entries(session))

    EVERY_ACT[deed][0](scene)

    assert len(entries(session)) == before
    assert session.scalars(select(PersonRow.name)).all().count("Dewi") == 0
