"""`lurus verify-receipt`: on the portal's machine, and on one that knows nothing of it."""

import json
from pathlib import Path

from builders import TODAY, add_officer, for_reporter, hand_in
from click.testing import CliRunner, Result
from known_answers import of_receipts as sample
from receipt_judges import written
from sqlalchemy.orm import Session
from trails import DAY, pass_days

from crypto.signed_note import Note
from portal.cases import read_steps
from portal.cli import main
from portal.database import find_instance_id
from portal.ledger_keys import read_ledger_keys
from portal.public_trail import read_case_trail
from portal.receipts import Choice, make_receipt
from portal.settings import Settings
from portal.settings_file import write_settings

CHOSEN, SILENCE = (bytes(one) for one in (sample.chosen(), sample.silence()))
KEYS = ("--key", sample.PORTAL.public.hex(), "--key", sample.KEEPERS.hex())


def lurus(
    tmp_path: Path, content: bytes, *more: str, instance: Path | None = None
) -> Result:
    """Run the command over a file; without *instance*: where no portal is."""
    file = tmp_path / "data.json"
    file.write_bytes(content)
    runner = CliRunner(env={"LURUS_INSTANCE": str(instance or tmp_path)})
    return runner.invoke(main, ["verify-receipt", str(file), *more])


def test_a_good_receipt_is_told_in_words(tmp_path: Path) -> None:
    told = lurus(tmp_path, CHOSEN, *KEYS)

    assert told.exit_code == 0
    assert "step 0, received: no later than 2027-01-04, confirmed" in told.output
    assert "with this text" in told.output
    assert "claim" not in told.output
    assert "claim" in lurus(tmp_path, CHOSEN).output


def test_what_fails_is_named_in_one_sentence(tmp_path: Path) -> None:
    for bad, sentence in (
        (CHOSEN.replace(b"day 2027-01-05", b"day 2027-01-03"), "not written as one"),
        (CHOSEN.replace(b"day 2027-01-07", b"day 2027-01-08"), "day or its keys"),
        (CHOSEN.replace(b"dibayar", b"DIBAYAR"), "Step 0: the text is not"),
        (CHOSEN.replace(b'"answered"', b'"verified"'), "Step 2: the leaf is not"),
        (b"0" * 10_000_000, "It is no receipt"),
    ):
        refused = lurus(tmp_path, bad)
        assert refused.exit_code == 1
        assert sentence in refused.output
        assert refused.output.count("\n") == 1


def test_keys_origin_and_leaves_are_the_readers_own(tmp_path: Path) -> None:
    leaves = tmp_path / "leaves"
    leaves.write_bytes(sample.files()["leaves.txt"])

    assert "not trust" in lurus(tmp_path, CHOSEN, *KEYS[:2]).output
    assert "another portal" in lurus(tmp_path, CHOSEN, "--origin", "lurus/0").output
    assert "64 hex digits" in lurus(tmp_path, CHOSEN, "--key", "0f").output
    assert "--leaves FILE" in lurus(tmp_path, SILENCE).output
    told = lurus(tmp_path, SILENCE, "--leaves", str(leaves))
    assert "No other step of this case is in the trail up to 2027-01-07" in told.output
    pages = leaves.read_text().split()
    leaves.write_text(json.dumps({"leaves": pages[:90]}) + json.dumps(pages[90:]))
    assert lurus(tmp_path, SILENCE, "--leaves", str(leaves)).output == told.output
    leaves.write_bytes(b"\xff")
    assert lurus(tmp_path, SILENCE, "--leaves", str(leaves)).exit_code == 1


def own_receipt(session: Session) -> bytes:
    """Return a proof of silence of a case that was handed in on the trail's first day."""
    code = hand_in(session, add_officer(session))
    today = pass_days(session, 1)
    opened, instance = for_reporter(session, code), find_instance_id(session)
    steps = read_steps(session, opened.case.id)
    trail = read_case_trail(session, opened.case.id, steps, opened.key, today)
    choice = Choice(frozenset(), is_silence=True)
    own = make_receipt(session, opened, trail, choice, instance)
    session.rollback()
    return own


def test_whoever_has_a_key_of_the_trail_signs_no_other_unseen(
    tmp_path: Path, session: Session, settings: Settings
) -> None:
    """On the portal's machine the receipt is compared with what was signed there."""
    write_settings(settings)
    fields = json.loads(own_receipt(session))
    origin, key = fields["origin"], read_ledger_keys(settings.instance).newest
    text = Note.parse(fields["checkpoints"][0]["note"].encode()).text
    other = text.replace(f"day {TODAY}", f"day {TODAY - DAY}")
    fields["checkpoints"][0]["note"] = str(Note(other, (key.sign(other, origin),)))

    elsewhere = lurus(tmp_path, written(fields))
    here = lurus(tmp_path, written(fields), instance=settings.instance)

    assert elsewhere.exit_code == 0
    assert here.exit_code == 1
    assert f"checkpoint of {TODAY - DAY} is not that of the trail here" in here.output


def test_the_portals_machine_knows_its_own_trail(
    tmp_path: Path, session: Session, settings: Settings
) -> None:
    write_settings(settings)
    own = own_receipt(session)

    told = lurus(tmp_path, own, instance=settings.instance)

    assert told.exit_code == 0
    assert f"No other step of this case is in the trail up to {TODAY}" in told.output
    assert (
        "another portal" in lurus(tmp_path, CHOSEN, instance=settings.instance).output
    )
