"""What an officer typed survives the end of the session, choices and all."""

from typing import Any

import pytest
from people import Officer, Page, Reporter

FORMS: dict[str, dict[str, str]] = {
    "message": {"text": "Apakah masih terjadi?\n\nKapan terakhir?"},
    "note": {"text": "Bandingkan dengan daftar pembayaran."},
    "triage": {
        "severity": "4",
        "likelihood": "3",
        "evidence_at_risk": "yes",
        "title": "Pungutan di loket tiga",
        "reason": "Banyak yang dirugikan.",
    },
    "status": {
        "to": "closed",
        "outcome": "system-fixed",
        "message": "Terima kasih. Loket kini diawasi.",
        "reason": "Sudah diperiksa.",
    },
}

every_form = pytest.mark.parametrize("act", FORMS)


def open_case(reporter: Reporter, officer: Officer) -> str:
    reporter.hand_in("Ada pungutan di loket.")
    (path,) = officer.case_paths()
    officer.act(path, "status", to="acknowledged")
    return path


def given_back(page: Page, address: str) -> dict[str, str]:
    """Return what the form of an error page holds, but for its keys."""
    fields = dict(page.form(address).fields)
    return {name: fields[name] for name in fields if name not in {"csrf_token", "seen"}}


@every_form
def test_it_comes_back_when_the_session_has_ended(
    reporter: Reporter, officer: Officer, clock: Any, act: str
) -> None:
    path = open_case(reporter, officer)
    page = officer.get(path)
    clock.pass_by(hours=5)

    refused = officer.send(page, f"{path}/{act}", **FORMS[act])

    assert refused.status_code == 403
    kept = given_back(refused, f"{path}/{act}")
    assert FORMS[act].items() <= kept.items()


@every_form
def test_it_is_sent_after_logging_in_again_in_a_new_tab(
    reporter: Reporter, officer: Officer, clock: Any, act: str
) -> None:
    path = open_case(reporter, officer)
    page = officer.get(path)
    clock.pass_by(hours=5)
    refused = officer.send(page, f"{path}/{act}", **FORMS[act])

    officer.log_in(clock.timestamp)
    # The page in the old tab knows the old cookie: it comes back once, filled.
    again = officer.send(refused, f"{path}/{act}")
    sent = officer.send(again, f"{path}/{act}")

    assert FORMS[act].items() <= given_back(again, f"{path}/{act}").items()
    assert sent.status_code == 303
    assert is_done(officer.get(path), act)


@every_form
def test_it_comes_back_when_a_colleague_was_faster(
    reporter: Reporter, officer: Officer, act: str
) -> None:
    path = open_case(reporter, officer)
    page = officer.get(path)
    officer.act(path, "note", text="Dari rekan.")

    refused = officer.send(page, f"{path}/{act}", **FORMS[act])
    fields = dict(refused.form(f"{path}/{act}").fields)

    assert refused.status_code == 409
    assert FORMS[act].items() <= fields.items()


def is_done(page: Page, act: str) -> bool:
    """Tell whether the case shows what was sent."""
    shown = {
        "message": "Kapan terakhir?",
        "note": "daftar pembayaran",
        "triage": "Pungutan di loket tiga",
        "status": "Loket kini diawasi",
    }
    return shown[act] in page.text
