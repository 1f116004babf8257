"""Names in the corners of Office documents, one after another."""

import io

import pytest

from portal.cleaning.markup import rewrite
from portal.cleaning.names import Names, is_path
from portal.cleaning.office_rules import Parts
from portal.file_kinds import Finding


def rewritten(part: str, *cut: str, is_text: bool = False) -> tuple[str, set[Finding]]:
    findings: set[Finding] = set()
    rules = Parts(Names(), findings, frozenset(cut))
    rules.is_text = is_text
    target = io.BytesIO()
    rewrite(io.BytesIO(part.encode()), target, rules)
    return target.getvalue().decode().partition("\n")[2], findings


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "<p188:author name='Siti' initials='SR' userId='siti@x' providerId='AD'/>",
            '<p188:author name="Author 1" initials="" userId="" providerId="None"/>',
        ),
        (
            "<p188:cm id='{A}' created='2021-05-05T01:02:03.004'/>",
            '<p188:cm id="{A}" created="1970-01-01T00:00:00Z"/>',
        ),
        (
            "<person displayName='Siti' id='{A}' userId='S::siti@x' providerId='AD'/>",
            '<person displayName="Author 1" id="{A}" userId="" providerId="None"/>',
        ),
        (
            "<threadedComment ref='A1' dT='2021-05-05T01:02:03.00' personId='{A}'/>",
            '<threadedComment ref="A1" dT="1970-01-01T00:00:00Z" personId="{A}"/>',
        ),
        (
            "<header guid='{A}' dateTime='2021-05-05T01:02:03' userName='Siti'/>",
            '<header guid="{A}" dateTime="1970-01-01T00:00:00Z" userName="Author 1"/>',
        ),
        (
            "<a><x15ac:absPath url='C:\\Siti\\'/><b/></a>",
            "<a><b/></a>",
        ),
        (
            "<customWorkbookView name='Siti - Personal View' guid='{A}'/>",
            '<customWorkbookView name="Author 1" guid="{A}"/>',
        ),
        (
            "<pivotCacheDefinition refreshedBy='Siti' refreshedDate='44321.5' x='1'/>",
            '<pivotCacheDefinition x="1"/>',
        ),
        ("<worksheet xr:uid='{00AB}'><c r='A1'/></worksheet>", None),
        ("<w:p w:rsidR='00AB' w:rsidRDefault='00AB' w14:textId='77' x='1'/>", None),
        (
            "<pic:cNvPr id='1' name='IMG_20210505.JPG' descr='Rapat di lantai 5/6'/>",
            '<pic:cNvPr id="1" name="" descr="Rapat di lantai 5/6"/>',
        ),
        (
            "<a><p:ext uri='{BB962C8B-B14F-4D97-AF65-F5344CB8AC3E}'><x/></p:ext></a>",
            "<a/>",
        ),
        ("<p:tag name='OWNER' val='Siti'/>", '<p:tag name="OWNER" val=""/>'),
        ("<authors><author>Siti</author></authors>", None),
        ("<a><!-- Siti --><?siti siti?>x</a>", "<a>x</a>"),
    ],
)
def test_a_corner_is_swept(before: str, after: str | None) -> None:
    found, _ = rewritten(before)

    assert after is None or found == after
    assert not {"Siti", "siti", "00AB", "2021", "77"} & {*_words(found)}


def test_one_person_has_one_number_and_two_have_two() -> None:
    authors = (
        "<authors><author>A</author><author>B</author><author>A</author></authors>"
    )

    found, _ = rewritten(authors)

    assert found == authors.replace(">A<", ">Author 1<").replace(">B<", ">Author 2<")


@pytest.mark.parametrize("name", ["ins", "del", "moveFrom", "rPrChange", "cellDel"])
def test_every_tracked_change_is_noticed_and_loses_its_time(name: str) -> None:
    change = f"<w:{name} w:id='1' w:author='Siti' w:date='2021-05-05T00:00:00Z'/>"

    found, findings = rewritten(change, is_text=True)

    assert found == f'<w:{name} w:id="1" w:author="Author 1"/>'
    assert findings == {Finding.TRACKED_CHANGES}


def test_what_leads_to_a_cut_part_goes_and_a_page_keeps_its_shape() -> None:
    part = (
        "<a><customPr r:id='r1'/><pageSetup r:id='r1' x='1'/><drawing r:id='r2'/></a>"
    )

    found, _ = rewritten(part, "r1")

    assert found == '<a><pageSetup x="1"/><drawing r:id="r2"/></a>'


@pytest.mark.parametrize(
    "part",
    [
        '<a b="&quot;&lt;&amp;&#10;&#9;">&lt;&amp;&gt;&#13;\n x</a>',
        '<w:t xmlns:w="urn:w" xml:space="preserve"> Rapat 😀 é </w:t>',
        "<a><b/><b>x</b><c><d/></c></a>",
    ],
)
def test_everything_else_comes_out_as_it_went_in(part: str) -> None:
    assert rewritten(part)[0] == part


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-8-sig"])
def test_other_encodings_come_out_as_utf_8(encoding: str) -> None:
    head = f"<?xml version='1.0' encoding='{encoding.removesuffix('-sig')}'?>"
    target = io.BytesIO()

    source = io.BytesIO(f"{head}<a>é</a>".encode(encoding))
    rewrite(source, target, Parts(Names(), set(), frozenset()))

    assert target.getvalue().endswith("<a>é</a>".encode())


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("IMG_20210505.JPG", True),
        ("C:\\siti\\a", True),
        ("/srv/siti/a", True),
        ("file:///a", True),
        ("Picture 1", False),
        ("Grafik 5/6 tahun 2021. Lihat lampiran", False),
    ],
)
def test_a_description_is_told_from_the_name_of_a_file(text: str, is_one: bool) -> None:
    assert is_path(text) is is_one


def _words(text: str) -> list[str]:
    for sign in "\"'<>{}=:-.@/\\":
        text = text.replace(sign, " ")
    return text.split()
