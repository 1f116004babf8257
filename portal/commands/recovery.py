"""`lurus recover …`: shares on paper are made, and give an officer's key back.

On the terminal, one share at a time: whoever runs the command sees a share only by
looking over its holder's shoulder, which the others in the room can see.
"""

import re
import secrets
import sys
from collections.abc import Sequence

import click

from crypto import (
    Identity,
    MistypedError,
    OtherSetError,
    RecoveryShare,
    ShareLengthError,
    UnknownWordError,
    split,
)
from crypto.recovery import MOST_SHARES, SHARE_WORDS
from portal import instance_folder
from portal.commands.instance import opened_database
from portal.commands.terminal import plain
from portal.errors import AbandonedError, LurusError
from portal.recovery import (
    RecoveryStatus,
    find_recoverable,
    keep_recipient,
    paper_key,
    read_status,
)
from portal.runtime import system_clock
from portal.settings import Settings
from portal.settings_file import read_settings

# The screen and what has scrolled off it.
_WIPE = "\x1b[2J\x1b[3J\x1b[H"
_COLUMNS = 3
_WORD = re.compile(r"[^\W\d_]+")
_ASKED_BACK = 2

_BEFORE_SHARES = """\
Recovery shares: words on paper that together give an officer's key back, when
passphrase or phone are lost and no colleague can hand the cases over.
In the room: the holders, one for each share, and nobody else who could see the
screen. No holder administers this machine, and no holder is a custodian. No camera, no phone,
no recording of this terminal. Each writes by hand, and keeps the paper apart."""

_REPLACED = """\
The shares made on {made_on} are replaced. Keep them until /admin/recovery says that
every officer's key is wrapped to the new ones, then burn them together."""

_KEPT = """\
Done. Nothing of the shares is stored. On every paper write: {portal}, {day}, and
the fingerprint of this recovery key, which /admin/recovery shows too:
{fingerprint}
Officers' keys are wrapped to it as they log in, one after the other."""

_BEFORE_SEED = """\
To give {name}'s key back. Best on a machine without network, with a copy of the
database. The shares that are needed belong to the recovery key
{fingerprint}
One after the other their holders type them, whole words or their first four letters,
on one line or on several. Ctrl-D: there are no more. Nothing is changed or stored."""

_AFTER_SEED = """\
These words are {name}'s key: whoever has them and a copy of the database reads all
that {name} reads. Let nobody but {name} have the paper. Then:
1. `lurus people new-key` on the server, or /admin, gives {name} a new link.
2. On its page {name} chooses "I have my key on paper" and types these words, then
   a new passphrase. The cases are there again.
3. Burn this paper, delete the copy of the database, and make new shares at once:
   `lurus recover shares`. The ones that were typed here are known to this machine."""


class _SlipError(LurusError):
    """A share was not typed as it stands on its paper."""


@click.group()
def recover() -> None:
    """Make recovery shares, or give an officer's key back with them."""


@recover.command("shares")
@click.option(
    "--need",
    type=click.IntRange(2, MOST_SHARES),
    metavar="N",
    default=2,
    help="How many shares give a key back (2).",
)
@click.option(
    "--of",
    "count",
    type=click.IntRange(2, MOST_SHARES),
    metavar="N",
    default=3,
    help="How many shares there are (3).",
)
def recover_shares(need: int, count: int) -> None:
    """Show new shares once, each to its holder; the ones before are replaced."""
    if need > count:
        raise click.UsageError("More shares are needed than there would be.")
    settings = read_settings(instance_folder())
    with opened_database(settings) as session:
        before = read_status(session)
        _say_before(before, need, count)
        recovery = Identity.generate()
        for number, share in enumerate(split(recovery, need=need, of=count), 1):
            _hand_out(share, f"Share {number} of {count}")
        today = system_clock(settings)().date()
        keep_recipient(session, recovery.recipient, today)
    fingerprint = recovery.recipient.fingerprint()
    portal = plain(settings.portal_name)
    click.echo(_KEPT.format(portal=portal, day=today, fingerprint=fingerprint))
    if before.is_there:
        click.echo(_REPLACED.format(made_on=before.made_on))


@recover.command("officer")
@click.argument("name")
def recover_officer(name: str) -> None:
    """Ask for the shares, and print NAME's key for one paper; changes nothing."""
    # A copy of the database is enough: its settings may be elsewhere.
    with opened_database(Settings(instance=instance_folder())) as session:
        recoverable = find_recoverable(session, name)
    who = plain(recoverable.name)
    heading = {"name": who, "fingerprint": recoverable.fingerprint}
    click.echo(_BEFORE_SEED.format(**heading), err=True)
    found = recoverable.recover(_ask_for_shares())
    click.echo(_WIPE, nl=False)
    click.echo("\n".join(_columns(paper_key(found))))
    click.echo(_AFTER_SEED.format(name=who), err=True)


def _say_before(before: RecoveryStatus, need: int, count: int) -> None:
    click.echo(_BEFORE_SHARES)
    if before.is_there:
        click.echo(f"There are shares already, made on {before.made_on}.")
    click.confirm(f"Make {count} shares, {need} of them needed?", abort=True)


def _hand_out(share: str, title: str) -> None:
    """Show a share to its holder until two of its words come back."""
    words = share.split()
    _wait(f"{title}: its holder comes to the screen, everybody else turns away.")
    while True:
        click.echo(_WIPE, nl=False)
        click.echo(f"{title}. Write down all {len(words)} words with their numbers.")
        click.echo("\n".join(_columns(share)))
        _wait("Written down?")
        click.echo(_WIPE, nl=False)
        if _are_written_down(words):
            break
        click.echo("That is not what stands there. Please compare once more.")
        _wait("The words are shown again.")
    # The words typed back are gone, too, before the next holder comes.
    click.echo(_WIPE, nl=False)
    click.echo(f"{title} is right. Fold the paper.")


def _are_written_down(words: Sequence[str]) -> bool:
    drawn = secrets.SystemRandom().sample(range(len(words)), _ASKED_BACK)
    typed = [click.prompt(f"Word {place + 1}") for place in sorted(drawn)]
    right = [words[place] for place in sorted(drawn)]
    return [word.strip().lower() for word in typed] == right


def _wait(sentence: str) -> None:
    # Not `click.pause`, which waits for nobody where the input is no terminal.
    click.prompt(f"{sentence} Press Enter", default="", show_default=False)


def _ask_for_shares() -> list[RecoveryShare]:
    """Take shares until there are enough; a slip asks for the same share again.

    Raises:
        AbandonedError: no more shares were typed.
    """
    shares: list[RecoveryShare] = []
    while not shares or len(shares) < shares[0].need:
        typed = _read_share(_title(shares))
        if not typed:
            raise AbandonedError(shares[0].need if shares else None, len(shares))
        try:
            shares.append(_judged(typed, shares))
        except _SlipError as slip:
            click.echo(f"{slip} Please type this share again.", err=True)
    return shares


def _title(shares: Sequence[RecoveryShare]) -> str:
    needed = f" of {shares[0].need}" if shares else ""
    return f"Share {len(shares) + 1}{needed}"


def _read_share(title: str) -> str:
    """Return a share's words, on one line or several; nothing where no more comes."""
    click.echo(f"{title}:", err=True)
    typed = ""
    for line in sys.stdin:
        typed += line
        is_whole = len(_WORD.findall(typed)) >= SHARE_WORDS
        # An empty line ends a share that is too short; before one it says nothing.
        if is_whole or (typed.strip() and not line.strip()):
            break
    # Before the next holder comes to the screen.
    click.echo(_WIPE, nl=False, err=True)
    return typed.strip()


def _judged(typed: str, shares: Sequence[RecoveryShare]) -> RecoveryShare:
    """Return the share that was typed.

    Raises:
        _SlipError: with the sentence for its holder.
    """
    try:
        share = RecoveryShare.parse(typed)
    except UnknownWordError as error:
        word = _WORD.findall(typed)[error.place - 1]
        raise _SlipError(f"Word {error.place}, {plain(word)}, is in no list.") from None
    except ShareLengthError as error:
        raise _SlipError(
            f"A share has {error.needed} words, this has {error.given}."
        ) from None
    except OtherSetError:
        raise _SlipError("These words are no share of a Lurus portal.") from None
    except MistypedError:
        raise _SlipError(
            "All words are known, but one is wrong or two have changed places."
        ) from None
    if any(not share.is_of_set(other) for other in shares):
        raise _SlipError("This share is of another set than the first.")
    if any(share.number == other.number for other in shares):
        raise _SlipError("This share was typed already.")
    return share


def _columns(share: str) -> list[str]:
    """Return the words with their numbers, line by line as they are typed."""
    numbered = [f"{place:2} {word:<9}" for place, word in enumerate(share.split(), 1)]
    starts = range(0, len(numbered), _COLUMNS)
    return ["   ".join(numbered[at : at + _COLUMNS]).rstrip() for at in starts]
