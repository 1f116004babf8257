"""What the pages say is what the program is: compared, not believed."""

import configparser
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import LargeBinary, Table

from portal.cli import main
from portal.deadlines import ACKNOWLEDGED_WITHIN_DAYS, KEEPER_DAYS
from portal.figure_turns import SETTLING_DAYS
from portal.models import Base
from portal.passphrases import LEAST_CHARACTERS
from portal.roles import Role
from portal.sessions import Standing
from portal.settings import Settings
from portal.views.access import ACCESS
from portal.views.places import PLACES

HOME = Path(__file__).parent.parent
README = (HOME / "README.md").read_text("utf-8")
THREATS = (HOME / "docs" / "threat-model.md").read_text("utf-8")
ARCHITECTURE = (HOME / "docs" / "architecture.md").read_text("utf-8")
CUSTODIANS = (HOME / "docs" / "custodians.md").read_text("utf-8")
CATALOGUE = HOME / "portal" / "translations" / "id" / "LC_MESSAGES" / "messages.po"
MAKEFILE = (HOME / "Makefile").read_text("utf-8")
DECISIONS = sorted((HOME / "docs" / "decisions").iterdir())

MARKS = {"random", "sealed", "locked", "hash", "derived", "public"}
"""Why bytes tell nothing; a column without one stands in clear."""

NOT_OURS = {"__pycache__", "instance", "node_modules"}
ONE_MACHINE = re.compile(r"/(?:work|tmp/lab|root|home/\w+|Users/\w+)/")
REGISTRY = re.compile(
    r"pypi\.org|python[h]osted|npm[j]s|^--(?:extra-)?index-url|^--find-links",
    re.MULTILINE,
)
VARIABLE = re.compile(r"LURUS_[A-Z_]+\b")


def our_files() -> Iterator[Path]:
    """All files that are kept, found without asking version control."""
    for path in sorted(HOME.rglob("*")):
        parts = path.relative_to(HOME).parts
        is_hidden = any(part.startswith(".") and part != ".ci" for part in parts)
        is_made = path.suffix in {".mo", ".pyc"} or parts[-1] == "results.json"
        is_others = NOT_OURS & set(parts) or any("egg-info" in part for part in parts)
        if path.is_file() and not (is_hidden or is_made or is_others):
            yield path


def pages() -> list[Path]:
    """All pages of text."""
    return [path for path in our_files() if path.suffix == ".md"]


def name(path: Path) -> str:
    """How a test is called that is about *path*."""
    return str(path.relative_to(HOME))


def part(page: str, heading: str) -> str:
    """What stands under a heading, down to the next of its rank or a higher one."""
    _, _, rest = page.partition(f"\n{heading}\n")
    rank = heading.index(" ")
    return re.split(rf"\n#{{1,{rank}}} ", rest)[0]


def rows(page: str, heading: str) -> list[str]:
    """The lines of the first table under a heading, without its head."""
    table = re.search(r"(?:^\|.*\n?)+", part(page, heading), re.MULTILINE)
    return table[0].splitlines()[2:] if table else []


def commands(group: click.Group, way: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each command as it is typed, with everything that it takes, and its help."""
    for word, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, (*way, word))
        else:
            typed = [*way, word, *map(_argument, command.params)]
            yield " ".join(filter(None, typed)), " ".join((command.help or "").split())


def _argument(taken: click.Parameter) -> str:
    if isinstance(taken, click.Argument):
        return taken.human_readable_name.upper()
    metavar = taken.make_metavar(click.Context(main))
    is_flag = isinstance(taken, click.Option) and taken.is_flag
    return f"[{taken.opts[0]}]" if is_flag else f"[{taken.opts[0]} {metavar}]"


def examples(pattern: str) -> list[str]:
    """What is typed in the shell examples of README and of the pages for people."""
    operating = (HOME / "docs" / "operating.md").read_text("utf-8")
    text = README + operating + CUSTODIANS
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return sorted(set(re.findall(pattern, "".join(blocks), re.MULTILINE)))


def _way(typed: str) -> list[str]:
    group: click.Command | None = main
    words = []
    for word in shlex.split(typed):
        group = group.commands.get(word) if isinstance(group, click.Group) else None
        if group is None:
            break
        words.append(word)
    return words or [typed]


def listed_columns() -> dict[str, list[str]]:
    """Table -> columns with their marks, as the page lists them."""
    bullets = re.findall(
        r"^- `(\w+)`: (.+)$",
        part(ARCHITECTURE, "## In clear, and nothing else"),
        re.MULTILINE,
    )
    return {table: columns.split(", ") for table, columns in bullets}


def names_of(columns: list[str]) -> list[str]:
    """The names alone, without marks."""
    return [column.split(" ")[0] for column in columns]


def marks_of(columns: list[str]) -> dict[str, str]:
    """Column -> mark, of those that have one."""
    marked = (column.removesuffix(")").split(" (") for column in columns)
    return {pair[0]: pair[1] for pair in marked if len(pair) == 2}


def requirements(file: str) -> set[str]:
    """The names that a file of direct requirements asks for."""
    text = (HOME / "requirements" / file).read_text("utf-8")
    return set(re.findall(r"^([a-z][a-z0-9-]+)", text, re.MULTILINE))


def anchor(heading: str) -> str:
    """How a link names a heading."""
    plain = re.sub(r"[^\w\- ]", "", heading.lower())
    return plain.replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """All that a link may name in a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {anchor(heading) for heading in headings}


def links() -> list[tuple[Path, str]]:
    """Every relative link with the page that it stands on."""
    return [
        (page, target)
        for page in pages()
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))
        if "://" not in target
    ]


def toml(value: object) -> str:
    """A default as it stands in the file."""
    if isinstance(value, tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    words = {True: "true", False: "false"}
    return words[value] if isinstance(value, bool) else repr(value).replace("'", '"')


def test_the_readme_lists_every_setting_as_the_program_knows_it():
    made = Settings(instance=Path())
    expected = [
        f"| `{key.name}` | `{toml(getattr(made, key.name))}` | {key.metadata['meaning']} |"
        for key in fields(Settings)
        if "meaning" in key.metadata
    ]

    assert rows(README, "## Settings") == expected


def test_the_readme_lists_every_command_with_its_help():
    expected = [f"| `{typed}` | {does} |" for typed, does in commands(main, ("lurus",))]

    assert rows(README, "## Commands") == expected


def test_the_readme_lists_every_make_target_with_its_help():
    targets = re.findall(r"^([a-z]+):.*## (.+)$", MAKEFILE, re.MULTILINE)

    assert rows(README, "### Make targets") == [
        f"| `make {target}` | {does} |" for target, does in targets
    ]


def test_the_readme_lists_every_environment_variable_and_no_other():
    programs = [path for path in our_files() if path.suffix == ".py"]
    read = {
        variable
        for path in [*programs, HOME / "Makefile"]
        for variable in VARIABLE.findall(path.read_text("utf-8"))
    }

    listed = [row.split("`")[1] for row in rows(README, "### Environment")]

    assert sorted(listed) == sorted(read)


@pytest.mark.parametrize(
    ("file", "head"), [("runtime.in", "To run"), ("development.in", "To develop")]
)
def test_the_readme_says_what_each_direct_dependency_is_for(file, head):
    _, _, table = part(README, "## Dependencies").partition(f"| {head} | What for |\n")

    listed = re.findall(
        r"^\| `([a-z0-9-]+)` \| \S", table.split("\n\n")[0], re.MULTILINE
    )

    assert listed == sorted(requirements(file))


def test_the_package_asks_for_what_is_locked():
    setup = configparser.ConfigParser()
    setup.read(HOME / "setup.cfg", "utf-8")

    asked = set(setup["options"]["install_requires"].split())

    # setuptools installs the package; the package itself does without it.
    assert asked == requirements("runtime.in") - {"setuptools"}


def test_every_promise_of_the_readme_has_its_test_and_every_test_its_promise():
    tests = {
        name(path)
        for ring in ("promises", "browser")
        for path in (HOME / "tests" / ring).glob("test_*.py")
    }

    promised = rows(README, "## Promises and their tests")

    assert sorted(re.findall(r"\((tests/[^)]+)\)", "\n".join(promised))) == sorted(
        tests
    )
    assert all(row.count("](tests/") == 1 for row in promised)


@pytest.mark.parametrize("table", Base.metadata.tables.values(), ids=str)
def test_the_list_of_what_stands_in_clear_has_every_column(table: Table):
    listed = listed_columns()[table.name]

    assert names_of(listed) == [column.name for column in table.columns]


@pytest.mark.parametrize("table", Base.metadata.tables.values(), ids=str)
def test_bytes_are_marked_as_what_they_are_and_nothing_else_is(table: Table):
    marks = marks_of(listed_columns()[table.name])

    binary = {c.name for c in table.columns if isinstance(c.type, LargeBinary)}

    assert set(marks) == binary
    assert set(marks.values()) <= MARKS


def test_the_list_of_what_stands_in_clear_names_no_other_table():
    assert set(listed_columns()) == set(Base.metadata.tables)


def test_the_tree_names_every_module():
    tree = part(ARCHITECTURE, "## Tree")
    modules = {
        path.name
        for package in ("crypto", "portal")
        for path in (HOME / package).rglob("*.py")
        if "migrations" not in path.parts
    }

    assert modules <= set(re.findall(r"\w+\.py", tree))


def test_the_tree_names_no_module_that_is_not_there():
    listed = set(re.findall(r"\w+\.py", part(ARCHITECTURE, "## Tree")))

    assert listed <= {path.name for path in our_files()}


@pytest.mark.parametrize(
    ("page", "target"), links(), ids=lambda value: str(value).removeprefix(f"{HOME}/")
)
def test_a_link_leads_somewhere(page: Path, target: str):
    path, _, place = target.partition("#")
    there = (page.parent / path).resolve() if path else page

    assert there.exists()
    assert not place or place in anchors(there)


@pytest.mark.parametrize("target", examples(r"^make ([a-z]+)"))
def test_an_example_names_a_target_of_the_makefile(target):
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("typed", examples(r"bin/lurus (.+)$"))
def test_an_example_names_a_command(typed):
    done = CliRunner().invoke(main, [*_way(typed), "--help"])

    assert done.exit_code == 0


def test_the_threat_model_names_files_that_are_there():
    named = re.findall(r"`((?:portal|crypto)/[a-z_/]+\.py)`", THREATS)

    assert len(named) >= 100
    assert [path for path in named if not (HOME / path).is_file()] == []


def test_the_page_for_custodians_names_their_pages_and_no_other(app: Flask):
    ways, named = app.url_map.bind("localhost"), re.findall(r"`(/[^`]*)`", CUSTODIANS)

    found = {ways.match(address)[0] for address in named}

    theirs = {endpoint for endpoint, _label, roles in PLACES if Role.CUSTODIAN in roles}
    assert theirs - {"administrator.evaluations"} <= found
    opens = {*Standing, Role.CUSTODIAN}
    assert [one for one in found if opens.isdisjoint(ACCESS[one])] == []


def test_the_page_for_custodians_says_what_stands_on_their_buttons():
    with CATALOGUE.open("rb") as file:
        words = {message.id: message.string for message in read_po(file)}

    said = re.findall(r"\*([^*]+)\*\s+\(\*([^*]+)\*\)", CUSTODIANS)

    pairs = [(" ".join(en.split()), " ".join(local.split())) for en, local in said]
    assert len(pairs) >= 15
    assert [pair for pair in pairs if words.get(pair[0]) != pair[1]] == []


def test_the_page_for_custodians_has_the_numbers_of_the_program():
    plain = " ".join(CUSTODIANS.split())

    wanted = {
        f"within {KEEPER_DAYS} days",
        f"{SETTLING_DAYS} days after",
        f"{ACKNOWLEDGED_WITHIN_DAYS} days after",
        f"{LEAST_CHARACTERS} characters",
        f"every {Settings(instance=Path()).round_every_days} days",
    }

    assert {one for one in wanted if one not in plain} == set()


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(path.name[:4]) for path in DECISIONS]

    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=name)
def test_a_decision_says_context_options_choice_and_price_on_a_card(path: Path):
    text = path.read_text("utf-8")

    assert text.startswith(f"# {path.name[:4]} ")
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == [
        *("Context", "Options"),
        *("Choice", "Price"),
    ]
    assert len(text.splitlines()) <= 16


@pytest.mark.parametrize("pattern", [ONE_MACHINE, REGISTRY], ids=["paths", "hosts"])
def test_no_file_knows_one_machine_or_a_registry(pattern: re.Pattern[str]):
    found = [
        name(path)
        for path in our_files()
        if pattern.search(path.read_bytes().decode("utf-8", "replace"))
    ]

    assert found == []
