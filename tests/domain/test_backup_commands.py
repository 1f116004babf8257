"""`lurus backup-key`, `backup`, `restore`: papers typed, one sentence for each refusal."""

import io
import re
import sys
from pathlib import Path

import pytest
from builders import TODAY, acts_on_record, add_officer, hand_in, the_case
from click.testing import CliRunner, Result
from keepers_of_backups import rows_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import Identity, parse_backup_key, write_backup_key
from portal.backups import read_status
from portal.cli import main
from portal.destroyed import DESTROYED_FILE, note
from portal.errors import NoSuchSlipError
from portal.models import Case
from portal.restores import RESTORING_FOLDER
from portal.runtime import read_gate_secret
from portal.settings import Settings
from portal.settings_file import write_settings
from portal.vouchers import burn, list_batches, print_slips

_PAPER = re.compile(r"^    ((?:[0-9A-Z]{4}  ?)*[0-9A-Z]{4})$", re.MULTILINE)


def lurus(instance: Path, *arguments: str, typed: str = "") -> Result:
    runner = CliRunner(env={"LURUS_INSTANCE": str(instance)})
    return runner.invoke(main, list(arguments), input=typed)


def paper_on(result: Result) -> str:
    """The groups that were shown, as they are typed later."""
    return " ".join(_PAPER.findall(result.stdout))


def key_made(instance: Path) -> str:
    return paper_on(lurus(instance, "backup-key"))


def gate_of(instance: Path) -> str:
    return read_gate_secret(instance).reveal()


def papers(instance: Path, key: str) -> str:
    return f"{key}\n{gate_of(instance)}\n"


class AtTheScreen:
    """Somebody at a terminal who copies a paper and types groups of it back."""

    def __init__(self, *, slips: int = 0, leaves: bool = False) -> None:
        self.screen = io.StringIO()
        self._slips, self._leaves = slips, leaves

    def isatty(self) -> bool:
        return True

    def readline(self, *_: int) -> str:
        shown = self.screen.getvalue()
        if self._leaves:
            raise KeyboardInterrupt
        if not (asked := re.search(r"Group (\d+): $", shown)):
            return "\n"
        if self._slips:
            self._slips -= 1
            return "0000\n"
        groups = " ".join(_PAPER.findall(shown)[-3:]).split()
        return groups[int(asked[1]) - 1].lower() + "\n"

    def sit_down(
        self, monkeypatch: pytest.MonkeyPatch, instance: Path, *arguments: str
    ) -> object:
        with monkeypatch.context() as terminal:
            terminal.setenv("LURUS_INSTANCE", str(instance))
            terminal.setattr(sys, "stdin", self)
            terminal.setattr(sys, "stdout", self.screen)
            terminal.setattr(sys, "stderr", self.screen)
            with pytest.raises(SystemExit) as ended:
                main(list(arguments))
        return ended.value.code


def test_a_backup_key_is_shown_once_and_kept_nowhere(
    session: Session, settings: Settings
) -> None:
    result = lurus(settings.instance, "backup-key")

    identity = parse_backup_key(paper_on(result))
    status = read_status(session)
    assert status.fingerprint == identity.recipient.fingerprint()
    assert status.fingerprint in result.stdout
    assert acts_on_record(session)[-1] == "backup key made"
    kept = [
        file.read_bytes() for file in settings.instance.rglob("*") if file.is_file()
    ]
    assert identity.reveal() not in b"".join(kept)


def test_a_second_key_is_made_only_when_asked_for(
    session: Session, settings: Settings
) -> None:
    first = parse_backup_key(key_made(settings.instance))

    refused = lurus(settings.instance, "backup-key")
    assert (refused.exit_code, "--replace" in refused.output) == (1, True)
    assert read_status(session).fingerprint == first.recipient.fingerprint()
    replaced = lurus(settings.instance, "backup-key", "--replace")

    assert replaced.exit_code == 0
    assert "Backups from before open with the paper of" in replaced.output
    session.rollback()
    assert read_status(session).fingerprint != first.recipient.fingerprint()


def test_at_a_terminal_two_groups_are_typed_back(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rina = AtTheScreen(slips=1)

    assert rina.sit_down(monkeypatch, settings.instance, "backup-key") == 0

    assert "That is not what stands there" in rina.screen.getvalue()
    assert read_status(session).fingerprint


def test_a_key_that_nobody_wrote_down_is_not_kept(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    AtTheScreen(leaves=True).sit_down(monkeypatch, settings.instance, "backup-key")

    assert not read_status(session).fingerprint


def test_without_a_key_the_way_out_is_said(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    write_settings(settings)

    result = lurus(settings.instance, "backup", str(tmp_path / "a"))

    assert result.exit_code == 1
    assert "lurus backup-key" in result.output


def test_a_backup_is_restored_with_both_papers(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    hand_in(session, add_officer(session))
    key = key_made(settings.instance)

    made = lurus(settings.instance, "backup", str(tmp_path / "a"))
    restored = lurus(
        tmp_path / "again",
        *(
            "restore",
            str(tmp_path / "a"),
            "--destroyed",
            str(tmp_path / DESTROYED_FILE),
        ),
        typed=papers(settings.instance, key),
    )

    assert (made.exit_code, restored.exit_code) == (0, 0), restored.output
    assert "Restored the backup of" in restored.output
    assert "retire" in restored.output
    with rows_of(tmp_path / "again") as again:
        assert len(again.scalars(select(Case)).all()) == 1
        assert "restored from a backup" in acts_on_record(again)


def test_without_a_list_it_is_said_what_that_means(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    key = key_made(settings.instance)
    lurus(settings.instance, "backup", str(tmp_path / "a"))
    typed = papers(settings.instance, key)

    refused = lurus(tmp_path / "again", "restore", str(tmp_path / "a"), typed=typed)
    restored = lurus(
        tmp_path / "again",
        *("restore", str(tmp_path / "a"), "--without-list"),
        typed=typed,
    )

    assert refused.exit_code == 1
    assert "would be there again" in refused.output
    assert restored.exit_code == 0


def test_what_is_listed_is_destroyed_again(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    gone = the_case(session, hand_in(session, add_officer(session))).id
    key = key_made(settings.instance)
    lurus(settings.instance, "backup", str(tmp_path / "a"))
    note(settings.instance, [gone])

    lurus(
        tmp_path / "again",
        *("restore", str(tmp_path / "a")),
        *("--destroyed", str(settings.instance / DESTROYED_FILE)),
        typed=papers(settings.instance, key),
    )

    with rows_of(tmp_path / "again") as again:
        assert again.scalars(select(Case)).all() == []


def test_no_slip_of_before_is_good_after_a_restore(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    key = key_made(settings.instance)
    used, unused = print_slips(session, 2, TODAY).slips
    lurus(settings.instance, "backup", str(tmp_path / "a"))
    burn(session, used)

    result = lurus(
        tmp_path / "again",
        *("restore", str(tmp_path / "a"), "--without-list"),
        typed=papers(settings.instance, key),
    )

    assert "No paper slip is good any more" in result.output
    with rows_of(tmp_path / "again") as again:
        assert list_batches(again) == ()
        with pytest.raises(NoSuchSlipError):
            burn(again, used)
        with pytest.raises(NoSuchSlipError):
            burn(again, unused)


def test_where_there_were_no_slips_none_are_spoken_of(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    key = key_made(settings.instance)
    lurus(settings.instance, "backup", str(tmp_path / "a"))

    result = lurus(
        tmp_path / "again",
        *("restore", str(tmp_path / "a"), "--without-list"),
        typed=papers(settings.instance, key),
    )

    assert (result.exit_code, "paper slip" in result.output.lower()) == (0, False)


def test_a_rehearsal_voids_no_slip(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    write_settings(settings)
    key = key_made(settings.instance)
    printed = print_slips(session, 2, TODAY)
    lurus(settings.instance, "backup", str(tmp_path / "a"))

    result = lurus(
        settings.instance,
        *("restore", str(tmp_path / "a"), "--rehearse"),
        typed=papers(settings.instance, key),
    )

    assert result.exit_code == 0, result.output
    session.rollback()
    assert burn(session, printed.slips[0]).batch == printed.batch


def test_a_slip_of_the_hand_asks_once_more(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    key = key_made(settings.instance)
    lurus(settings.instance, "backup", str(tmp_path / "a"))
    slips = f"{key[:-1]}*\n{gate_of(settings.instance)}\n"

    restored = lurus(
        tmp_path / "again",
        *("restore", str(tmp_path / "a"), "--without-list"),
        typed=slips + papers(settings.instance, key),
    )

    assert restored.exit_code == 0
    assert restored.output.count("A sign is wrong or missing") == 2


def test_nothing_typed_restores_nothing(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    key_made(settings.instance)
    lurus(settings.instance, "backup", str(tmp_path / "a"))

    result = lurus(tmp_path / "again", "restore", str(tmp_path / "a"), "--without-list")

    assert (result.exit_code, "nothing was typed" in result.output) == (1, True)
    assert not (tmp_path / "again").exists()


def test_each_refusal_is_one_sentence(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    key = key_made(settings.instance)
    lurus(settings.instance, "backup", str(tmp_path / "a"))
    other = write_backup_key(Identity.generate())
    cut = tmp_path / "cut"
    cut.write_bytes((tmp_path / "a").read_bytes()[:-1])
    mine = tmp_path / "mine"
    mine.write_bytes(b"mine")
    right, wrong = (papers(settings.instance, one) for one in (key, other))

    said = [
        lurus(tmp_path / "again", "restore", str(file), "--without-list", typed=typed)
        for file, typed in ((tmp_path / "a", wrong), (cut, right), (mine, right))
    ]
    said.append(lurus(settings.instance, "restore", str(tmp_path / "a"), typed=right))

    assert [one.exit_code for one in said] == [1] * 4
    assert [one.output.count("Error: ") for one in said] == [1] * 4
    assert not (tmp_path / "again").exists()


def test_a_rehearsal_notes_its_day_and_leaves_nothing(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    key = key_made(settings.instance)
    lurus(settings.instance, "backup", str(tmp_path / "a"))

    result = lurus(
        settings.instance,
        *("restore", str(tmp_path / "a"), "--rehearse"),
        typed=papers(settings.instance, key),
    )

    assert result.exit_code == 0
    assert "is whole, and these papers restore it" in result.output
    session.rollback()
    assert read_status(session).rehearsed_on
    assert not (settings.instance / RESTORING_FOLDER).exists()


def test_a_rehearsal_works_on_a_machine_without_an_installation(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    key = key_made(settings.instance)
    lurus(settings.instance, "backup", str(tmp_path / "a"))

    result = lurus(
        tmp_path / "nowhere",
        *("restore", str(tmp_path / "a"), "--rehearse"),
        typed=papers(settings.instance, key),
    )

    assert result.exit_code == 0
    assert not (tmp_path / "nowhere").exists()


def test_a_new_gate_is_shown_for_a_new_paper(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    key = key_made(settings.instance)
    lurus(settings.instance, "backup", str(tmp_path / "a"))

    result = lurus(
        tmp_path / "again",
        *("restore", str(tmp_path / "a"), "--without-list", "--new-gate"),
        typed=f"{key}\n",
    )

    assert result.exit_code == 0
    shown = "-".join(paper_on(result).split())
    assert shown == gate_of(tmp_path / "again") != gate_of(settings.instance)
    assert "nothing proves that the portal itself made this backup" in result.output


def test_a_rehearsal_does_without_neither_paper(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    key = key_made(settings.instance)
    lurus(settings.instance, "backup", str(tmp_path / "a"))

    result = lurus(
        settings.instance,
        *("restore", str(tmp_path / "a"), "--rehearse", "--new-gate"),
        typed=f"{key}\n",
    )

    assert result.exit_code == 2
    assert "A rehearsal tries both papers" in result.output


def test_nothing_but_sentences_is_printed_where_nobody_watches(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    key_made(settings.instance)

    result = lurus(settings.instance, "backup", str(tmp_path / "a"))

    assert result.output.splitlines() == [
        f"Made {tmp_path / 'a'}: it opens with the backup key on paper alone.",
        "A restore asks for the paper of the gate's secret too.",
    ]
