"""Files as a story: what a clerk shows, and what comes of it."""

from photos import photo, three_photos_and_a_scan
from screens import SEND_MESSAGE, ClerkAtScreen

WHAT = "Honor perjalanan dinas dipotong setiap bulan."


def report_with_files(clerk: ClerkAtScreen) -> None:
    """Report with three photos and a PDF, look at what was taken out, hand in."""
    clerk.begin()
    clerk.tick("category", "GELAP")
    clerk.fill("[name=what]", WHAT)
    clerk.choose_files(three_photos_and_a_scan())
    clerk.look_it_over()
    assert ["Sari" in row for row in clerk.files] == [True] * 4
    clerk.send_all_as_it_is()
    clerk.hand_in()
    clerk.type_back(clerk.asked_group)


def send_another_photo(clerk: ClerkAtScreen) -> None:
    """Come back with the code, and send one photo more, without a word."""
    clerk.open_case(clerk.code)
    clerk.write("", [("IMG Sari 4.jpg", photo(4))])
    if clerk.files:
        clerk.send_all_as_it_is()
        clerk.press(SEND_MESSAGE)


def see_own_files(clerk: ClerkAtScreen) -> str:
    """Ask for the own texts; return the thread with the files in it."""
    clerk.press('form[action="/case/mine"] button')
    return clerk.page.inner_text(".thread")
