"""The main job as a story: what a clerk and an officer do at their screens."""

from at_work import OfficerAtScreen
from screens import ClerkAtScreen

TRACES = ("198503122010011001", "Hanya saya")
WITHOUT_TRACES = "Honor perjalanan dinas dipotong setiap bulan oleh bendahara."
WHAT = f"{WITHOUT_TRACES} NIP {TRACES[0]}. {TRACES[1]} yang tahu daftarnya."
QUESTION = "Apakah pemotongan itu masih terjadi bulan ini?"
ANSWER = "Ya, terakhir minggu lalu."
OUTCOME = "Terima kasih. Honor kini dibayarkan langsung ke rekening."
REASON = "Bendahara mendapat sanksi sedang."


def look_around(clerk: ClerkAtScreen) -> None:
    """Read what everybody may read, and meet what can go wrong at the door."""
    clerk.go("/")
    clerk.read_in_own_language()
    clerk.go_to(
        "/mend", "/guidance", "/limits", "/keys", "/no-such-page", "/office/invite/used"
    )
    clerk.open_case("2" * 28)


def report(clerk: ClerkAtScreen, shut_out: OfficerAtScreen) -> None:
    """Report with two traces in the text, take them out, hand in, check the code."""
    clerk.begin()
    clerk.look_it_over()
    clerk.tick("category", "GELAP")
    clerk.fill("[name=what]", WHAT)
    clerk.fill("[name=who_unit]", "Sekretariat")
    clerk.tick("ongoing", "yes")
    clerk.tick("others_know", "3-4")
    clerk.untick_officer(shut_out.name)
    *hints, few_know = clerk.look_it_over()
    assert [trace in hint for trace, hint in zip(TRACES, hints, strict=True)] == [
        True,
        True,
    ]
    clerk.fill("[name=what]", WITHOUT_TRACES)
    assert clerk.look_it_over() == [few_know]
    clerk.hand_in()
    clerk.type_back("0000")
    assert clerk.code_on_page == ""
    clerk.type_back(clerk.asked_group)


def ask(officer: OfficerAtScreen) -> None:
    """Find the new case, acknowledge it, ask, and keep a note."""
    officer.log_in_wrongly()
    officer.log_in()
    assert officer.cases.count() == 1
    officer.press("tbody td a")
    assert WITHOUT_TRACES in officer.text
    officer.act("status", to="acknowledged")
    officer.act("message", text=QUESTION)
    officer.act("note", text="Bandingkan dengan daftar pembayaran.")


def answer(clerk: ClerkAtScreen) -> None:
    """Open the case after a slip of the hand, read the question and answer it."""
    clerk.open_case(clerk.code[:-1] + "?")
    clerk.open_case(clerk.code)
    assert QUESTION in clerk.text
    assert WITHOUT_TRACES not in clerk.text
    clerk.write(ANSWER)
    clerk.press('form[action="/case/leave"] button')


def close(officer: OfficerAtScreen) -> None:
    """Lead the case to its end; few know of it, so the source must be protected."""
    officer.go(officer.path)
    assert ANSWER in officer.text
    officer.act("status", to="verified")
    officer.act("status", to="assessed")
    officer.act("status", to="assessed", reason="Semua pembayaran diperiksa.")
    officer.act("status", to="addressed")
    officer.act("status", to="closed")
    officer.act(
        "status",
        to="closed",
        outcome="proven-discipline",
        message=OUTCOME,
        reason=REASON,
    )
    officer.press(".bar nav a")
    officer.search("honor")
    officer.go("/office/?status=withdrawn")
    officer.press(".bar button")
