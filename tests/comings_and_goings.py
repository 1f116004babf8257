"""People come and go as a story: what officers and a custodian do at their screens."""

from at_work import OfficerAtScreen

READ_BY_ALL = "Ada pungutan di loket tiga setiap Senin."
NOT_HERS = "Saudara petugas itu meminta uang untuk izin."
UNTICKED = "Petugas ini sering makan siang dengan bendahara."
ONE_READER = "Hanya satu petugas yang boleh tahu soal kuitansi ini."
REASON = "Saya mengenal terlapor."
NEUTRAL = {
    "id": "Petugas ini tidak dapat diberi kasus ini. Pilih yang lain.",
    "en": "This officer cannot be given the case. Choose another.",
}


def can_open(officer: OfficerAtScreen, what: str) -> bool:
    """Tell whether the list has a case with the report; stay at it."""
    officer.go("/office/")
    for href in officer.hrefs("tbody td a"):
        officer.go(href)
        if what in officer.text:
            return True
    return False


def recuse_oneself(officer: OfficerAtScreen, what: str) -> str:
    """Leave a case for good; return the address it had."""
    assert can_open(officer, what)
    address = officer.path
    officer.page.click("#recuse summary")
    officer.act("recuse", reason=REASON)
    return address


def is_as_if_it_did_not_exist(officer: OfficerAtScreen, address: str) -> bool:
    """Tell whether a case's page is the one of a case that never was."""
    seen = []
    for path in (address, f"/office/cases/{'0' * 32}"):
        officer.go(path)
        seen.append((officer.answer.status, officer.text))
    return seen[0] == seen[1] and seen[0][0] == 404


def hear_the_fingerprint(receiver: OfficerAtScreen) -> str:
    """Let the owner of a new key read out how its fingerprint ends."""
    receiver.go("/office/account/take-up")
    groups = receiver.page.locator("main .fingerprint span").all_inner_texts()
    return " ".join(groups[-2:])


def hand_over(giver: OfficerAtScreen, heard: str) -> None:
    """Hand over to the new key what both may read; at first what was heard is wrong."""
    giver.go("/office/")
    giver.press('main a[href^="/office/hand-over/"]')
    form = 'form[action^="/office/hand-over/"]'
    giver.fill("[name=fingerprint_end]", "aaaa aaaa")
    giver.confirm(form)
    assert giver.answer.status == 422
    giver.fill("[name=fingerprint_end]", heard)
    giver.confirm(form)
    assert giver.page.locator(".notice.done").count() == 1


def take_up(receiver: OfficerAtScreen) -> None:
    """Take up what colleagues have handed over."""
    receiver.go("/office/")
    receiver.press('main a[href="/office/account/take-up"]')
    receiver.press('form[action="/office/account/take-up"] button')


def try_to_give(giver: OfficerAtScreen, what: str, to: str) -> str:
    """Give a case to a colleague; return what the page says to that."""
    assert can_open(giver, what)
    giver.page.click("#assign summary")
    giver.page.select_option("#assign-officer", label=to)
    giver.act("assign", reason="Ia paling mengenal loket itu.")
    return giver.page.inner_text("#assign-officer-error").strip()


def take_on(custodian: OfficerAtScreen) -> None:
    """Read what knowing a case obliges to, and open it."""
    custodian.go("/custody/")
    custodian.press("tbody td a")
    custodian.press('form[action$="/duties"] button')


def try_to_hand_on(custodian: OfficerAtScreen, to: str) -> str:
    """Hand the case on to an officer; return what the page says to that."""
    custodian.page.select_option("#hand-on-officer", label=f"{to}, Sekretariat")
    custodian.act("assign", reason="Ia tidak terkait.")
    return custodian.page.inner_text("#hand-on-officer-error").strip()
