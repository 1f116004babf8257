"""The main job from end to end, over HTTP, without script."""

import re

from people import Officer, Reporter


def test_a_report_is_answered_and_closed(reporter: Reporter, officer: Officer) -> None:
    code = reporter.hand_in("Ada pungutan di loket tiga setiap hari Senin.")
    (path,) = officer.case_paths()

    for_officer = officer.get(path)
    assert "pungutan di loket tiga" in for_officer.text
    assert officer.act(path, "status", to="acknowledged").status_code == 303
    assert officer.act(path, "message", text="Apakah masih terjadi?").status_code == 303
    seen = reporter.open_case(code)
    assert 'data-status="acknowledged"' in seen.html
    assert "Apakah masih terjadi?" in seen.text
    assert "pungutan di loket tiga" not in seen.text
    assert reporter.write("Ya, Senin kemarin juga.").status_code == 303
    assert "Senin kemarin" in officer.get(path).text
    for to in ("verified", "assessed", "addressed"):
        assert officer.act(path, "status", to=to).status_code == 303
    closing = officer.act(
        path,
        "status",
        to="closed",
        outcome="proven-discipline",
        message="Terima kasih. Loket kini diawasi.",
        reason="Sanksi dijatuhkan kepada yang bersangkutan.",
    )
    assert closing.status_code == 303
    ended = reporter.get("/case")

    assert 'data-status="closed"' in ended.html
    assert "Loket kini diawasi" in ended.text
    assert "Sanksi dijatuhkan" not in ended.text
    assert re.search(r"Hasil|Result", ended.text)
