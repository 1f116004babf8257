"""The staff list: found by name from three letters, never by number, never by who was named."""

import time

import pytest
from builders import TODAY, acts_on_record, add_officer, dump, hand_in
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.errors import NoSuchMemberError, StaffListError, StaffNumberError
from portal.models import AuditEntry, StaffMember
from portal.reports import Report
from portal.staff import (
    Member,
    Search,
    canonical_number,
    compare,
    count_staff,
    find_by_number,
    find_member,
    find_staff,
    import_list,
)

NUMBER = "198001012005011001"
PEOPLE = (
    ("Dr. H. Budi Santoso, S.H., M.Si.", "Kepala Bidang", "Keuangan"),
    ("Budi Hartono", "Analis", "Umum"),
    ("Siti Nurbaya", "Kepala Seksi", "Budidaya"),
    ("Ma'ruf Amin", "Staf", "Umum"),
    ("André Wijaya-Kusuma", "Staf", "Perencanaan"),
    ("Joko 100% Susilo", "Staf_Ahli", "Umum"),
    ("Rina Lestari", "Kurír", "Pos Jum`at"),
)
NOT_NUMBERS = ("", "19800101200501100", f"{NUMBER}1", "1980010120050110O1", "-" * 18)
NOT_NUMBERS += ("٠" * 18, f"={NUMBER[1:]}", "1.98001E+17", "１９８０")


def take(session: Session, *members: Member) -> None:
    import_list(session, members, compare(session, members), TODAY)


def fill(session: Session) -> None:
    numbered = enumerate(PEOPLE)
    take(session, *(Member(f"{number:018}", *one) for number, one in numbered))


def names(session: Session, words: str) -> list[str]:
    return [one.name.split(",")[0] for one in find_staff(session, words).found]


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        "19800101 200501 1 001",
        "19800101.200501.1.001",
        "19800101-200501\u20131-001\n",
        "".join(chr(ord(sign) + 0xFEE0) for sign in NUMBER),
        f"\ufeff{NUMBER}\u00a0",
    ],
)
def test_a_number_has_one_form_however_it_is_typed(typed: str) -> None:
    assert canonical_number(typed, 18) == NUMBER


@pytest.mark.parametrize("typed", NOT_NUMBERS)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(StaffNumberError):
        canonical_number(typed, 18)


def test_another_agency_has_numbers_of_another_length() -> None:
    assert canonical_number("12 34", 4) == "1234"
    with pytest.raises(StaffNumberError):
        canonical_number(NUMBER, 4)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("budi", ["Budi Hartono", "Dr. H. Budi Santoso"]),
        ("BUDI sant", ["Dr. H. Budi Santoso"]),
        ("Drs. Budi Santoso, S.H.", ["Dr. H. Budi Santoso"]),
        ("H. Budi, M.Si. keuangan", ["Dr. H. Budi Santoso"]),
        ("budi umum", ["Budi Hartono"]),
        ("hartono analis", ["Budi Hartono"]),
        ("maruf", ["Ma'ruf Amin"]),
        ("ma\u2019ruf", ["Ma'ruf Amin"]),
        ("andre", ["André Wijaya-Kusuma"]),
        ("Andrè wijaya kusuma", ["André Wijaya-Kusuma"]),
        ("wijaya-kusuma", ["André Wijaya-Kusuma"]),
        ("ａｎｄｒｅ", ["André Wijaya-Kusuma"]),
        ("joko 100%", ["Joko 100% Susilo"]),
        ("budi nurbaya", ["Siti Nurbaya"]),
        ("rina kurir", ["Rina Lestari"]),
        ("rina pos jumat", ["Rina Lestari"]),
        ("budi xyz", []),
        ("kepala", []),
        ("%%%", []),
        ("___", []),
        ("a%o", []),
        ("*[^", []),
        ("\\\\\\", []),
    ],
)
def test_every_word_occurs_and_one_of_them_in_the_name(
    session: Session, words: str, found: list[str]
) -> None:
    fill(session)

    assert names(session, words) == found


@pytest.mark.parametrize("words", ["", "bu", "b u", " bu  . ", "S.H.", "dr", "%_%b"])
def test_fewer_than_three_letters_find_nobody(session: Session, words: str) -> None:
    fill(session)

    assert find_staff(session, words) == Search(is_too_short=True)


@pytest.mark.parametrize("words", ["bud", "b u d", "san", "Sa-n"])
def test_three_letters_are_enough(session: Session, words: str) -> None:
    fill(session)

    assert not find_staff(session, words).is_too_short


def test_at_most_ten_are_found_and_it_is_said_that_there_are_more(
    session: Session,
) -> None:
    budis = [Member(f"{n:018}", f"Budi {n:02}", "Staf", "Umum") for n in range(11)]
    take(session, *budis[:10])
    ten = find_staff(session, "budi")
    take(session, *budis)

    eleven = find_staff(session, "budi")

    assert (len(ten.found), ten.has_more) == (10, False)
    assert (len(eleven.found), eleven.has_more) == (10, True)
    assert [one.name for one in eleven.found] == sorted(one.name for one in budis)[:10]


@given(st.text(max_size=80))
def test_nothing_that_is_typed_breaks_a_search(words: str) -> None:
    assert find_staff(AnEmptyList(), words).found == ()  # type: ignore[arg-type]


class AnEmptyList:
    """A database without rows, so that many searches are tried in a second."""

    def connection(self) -> "AnEmptyList":
        return self

    def execute(self, query: object) -> list[object]:
        assert str(query)
        return []

    def rollback(self) -> None:
        pass


def test_no_number_leaves_with_what_is_found(session: Session) -> None:
    fill(session)

    search = find_staff(session, "budi")

    assert search.found
    assert "00000000" not in repr(search)


@pytest.mark.parametrize("words", ["000000000000000001", "198001012005011001"])
def test_nobody_is_found_by_number(session: Session, words: str) -> None:
    fill(session)
    take(session, Member(words, "Siti Aminah", "Staf", "Umum"))

    assert find_staff(session, words).found == ()


def test_a_search_is_the_same_whoever_was_named(session: Session) -> None:
    rina = add_officer(session)
    fill(session)
    words = [name.split(",")[0] for name, *_ in PEOPLE]
    before = [(find_staff(session, one), tables_read(session, one)) for one in words]

    for _ in range(3):  # the same person, named again and again
        named = Report("PUNGLI", "Uang.", who_name=words[0], who_unit="Keuangan")
        hand_in(session, rina, report=named)
    after = [(find_staff(session, one), tables_read(session, one)) for one in words]

    assert after == before
    assert {table for _, tables in after for table in tables} == {"staff"}


def tables_read(session: Session, words: str) -> frozenset[str]:
    """Return the tables that a search asks."""
    asked: list[str] = []

    def keep(_c: object, _k: object, statement: str, *_: object) -> None:
        asked.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", keep)
    find_staff(session, words)
    event.remove(engine, "before_cursor_execute", keep)
    return frozenset(
        part.split()[0] for one in asked for part in one.split("FROM ")[1:]
    )


def test_somebody_found_is_the_same_by_id_and_by_number(session: Session) -> None:
    fill(session)
    found = find_staff(session, "hartono").found[0]

    member = find_member(session, found.id)

    assert member.name == "Budi Hartono"
    assert find_by_number(session, member.number) is member


def test_nobody_is_found_by_what_was_made_up(session: Session) -> None:
    fill(session)

    with pytest.raises(NoSuchMemberError):
        find_member(session, bytes(16))
    with pytest.raises(NoSuchMemberError):
        find_by_number(session, NUMBER)


def test_ids_stay_for_a_number_over_imports(session: Session) -> None:
    fill(session)
    before = find_by_number(session, f"{1:018}").id
    session.expunge_all()

    take(session, Member(f"{1:018}", "Budi Hartono Putra", "Kepala", "Umum"))

    member = find_by_number(session, f"{1:018}")
    assert (member.id, member.name) == (before, "Budi Hartono Putra")
    assert count_staff(session) == 1


def test_who_was_removed_and_comes_again_has_another_id(session: Session) -> None:
    budi = Member(NUMBER, "Budi", "Staf", "Umum")
    take(session, budi)
    before = find_by_number(session, NUMBER).id
    take(session, Member("0" * 18, "Siti", "Staf", "Umum"))
    session.expunge_all()

    take(session, budi)

    assert find_by_number(session, NUMBER).id != before


def test_two_who_change_numbers_keep_what_belongs_to_the_number(
    session: Session,
) -> None:
    one, other = f"{1:018}", f"{2:018}"
    take(session, Member(one, "Budi", "a", "b"), Member(other, "Siti", "a", "b"))
    ids = [find_by_number(session, number).id for number in (one, other)]
    session.expunge_all()

    take(session, Member(one, "Siti", "a", "b"), Member(other, "Budi", "a", "b"))

    assert [find_by_number(session, number).id for number in (one, other)] == ids
    assert names(session, "siti") == ["Siti"]


def test_differences_name_who_is_new_other_and_gone(session: Session) -> None:
    old = [Member(f"{n:018}", f"Budi {n}", "Staf", "Umum") for n in range(3)]
    take(session, *old)
    moved = Member(old[1].number, "Budi 1", "Staf", "Loket")
    new = Member(NUMBER, "Siti", "Staf", "Umum")

    changes = compare(session, [new, moved, old[0]])

    assert (changes.added, changes.removed) == ((new,), (old[2],))
    assert [(one.before, one.after) for one in changes.changed] == [(old[1], moved)]
    assert str(changes) == "+1 ~1 -1"


def test_to_compare_changes_nothing(session: Session) -> None:
    fill(session)
    before = dump(session)

    compare(session, [Member(NUMBER, "Siti", "Staf", "Umum")])

    assert dump(session) == before


def test_what_was_looked_at_is_what_is_imported(session: Session) -> None:
    listed = [Member(NUMBER, "Siti", "Staf", "Umum")]
    shown = compare(session, listed)
    fill(session)
    before = dump(session)

    with pytest.raises(StaffListError):
        import_list(session, listed, shown, TODAY)

    assert dump(session) == before


def test_an_import_is_on_record_with_counts_and_without_names(
    session: Session,
) -> None:
    fill(session)

    last = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()[-1]

    assert acts_on_record(session)[-1] == "staff list imported"
    assert last.concerns == "+7 ~0 -0"
    record = " ".join(dump(session)["audit"])
    assert not any(name in record for name, *_ in PEOPLE)


@pytest.mark.slow
def test_among_twenty_thousand_a_search_takes_a_blink(session: Session) -> None:
    first = (
        "Budi",
        "Siti",
        "Joko",
        "Rina",
        "Agus",
        "Dewi",
        "Nur",
        "Sri",
        "Yusuf",
        "Adi",
    )
    last = ("Santoso", "Wijaya", "Hartono", "Lestari", "Nugroho", "Ma'ruf", "Saputra")
    take(
        session,
        *(
            Member(
                f"{n:018}",
                f"{first[n % 10]} {last[n % 7]} {n}",
                "Staf",
                f"Unit {n % 60}",
            )
            for n in range(20_000)
        ),
    )

    spent = [seconds(session, one) for one in ("budi", "budi santoso", "xyz", "19999x")]

    assert count_staff(session) == 20_000
    assert max(spent) < 0.25


def seconds(session: Session, words: str) -> float:
    begun = time.process_time()
    find_staff(session, words)
    return time.process_time() - begun


def test_a_row_holds_what_the_list_says(session: Session) -> None:
    take(session, Member(NUMBER, "Siti", "Staf", "Umum"))

    (row,) = session.scalars(select(StaffMember)).all()

    assert (row.number, row.name, row.position, row.unit) == (
        *(NUMBER, "Siti"),
        *("Staf", "Umum"),
    )
    assert len(row.id) == 16
