"""The house rules that a machine can check: style.md 3, marked there."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TypeGuard

import pytest
from flask import Flask
from jinja2 import Environment, nodes

import crypto
from portal.views import (
    administrator,
    custodian,
    evaluator,
    leaflet,
    ledger,
    officer,
    public,
    published,
    reporter,
)

HOME = Path(__file__).parent.parent
TEMPLATES = HOME / "templates"
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 40
MOST_LINES_OF_A_VIEW = 20
MOST_FIXTURES = 12

FILES = [
    path
    for package in ("crypto", "portal")
    for path in sorted((HOME / package).rglob("*.py"))
    if "migrations" not in path.parts
]
TREES = {path: ast.parse(path.read_text("utf-8")) for path in FILES}
VIEWS = [path for path in FILES if "views" in path.parts]
AT_THE_BORDER = [
    *VIEWS,
    HOME / "portal" / "cli.py",
    *sorted((HOME / "portal" / "commands").glob("*.py")),
    *sorted((HOME / "portal" / "forms").glob("*.py")),
]
TESTS = sorted((HOME / "tests").rglob("*.py"))

NO_NOUN = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core"}
NO_CLASS = ("Manager", "Helper", "Handler", "Service", "Util", "Utils")
MAY_CATCH_ALL = {"portal/cli.py", "portal/views/response.py"}
ROWS = re.compile(
    r"\b(?:db\(\)|session|g\.db)\.(?:add|add_all|merge|delete|execute|scalars?"
    r"|query|commit|flush|rollback)\("
)
FROM_SQLALCHEMY = {"Session"}

JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
PAGES = sorted(TEMPLATES.rglob("*.html"))
ALLOWED_NODES = (
    *(nodes.Template, nodes.Extends, nodes.Block, nodes.Include, nodes.Import),
    *(nodes.Macro, nodes.Call, nodes.CallBlock, nodes.Keyword, nodes.Concat),
    *(nodes.If, nodes.For, nodes.Assign, nodes.Output, nodes.TemplateData),
    *(nodes.Name, nodes.Const, nodes.List, nodes.Getattr, nodes.Filter),
)
ALLOWED_FILTERS = {"word", "day", "visible"}
LONGEST_CHAIN = 2
OWN_SCRIPT = "<script src=\"{{ url_for('static', filename='upload.js') }}\" defer>"
INLINE = re.compile(
    rf"(?!{re.escape(OWN_SCRIPT)}</script>)<script|<style|\sstyle=|\son[a-z]+=|javascript:|https?://",
    re.IGNORECASE,
)
FORM = re.compile(r"<form[^>]*>\s*(.{8})", re.DOTALL)

# Pages that answer a form, or an error: no address of their own shows them.
ANSWERS = {"public/error", "reporter/open", "reporter/code", "reporter/code_checked"}
ANSWERS |= {
    "reporter/received",
    "reporter/before",
    "reporter/ended",
    "officer/busy",
    "officer/refused",
    "custodian/papers",
}
ANSWERS |= {"custodian/duties", "officer/recovery_codes", "administrator/invited"}
ANSWERS |= {
    "reporter/end_entry",
    "reporter/entry",
    "reporter/kept",
    "reporter/kept_checked",
}
ANSWERS |= {"officer/code", "officer/code_checked", "officer/received"}
WITHOUT_PAGE = {"public/leave_quickly", "officer/calendar", "figures/sheet"}
WITHOUT_PAGE |= {f"ledger/{one}" for one in ("checkpoint", "leaves", "proof", "paper")}
WITHOUT_PAGE |= {
    f"{who}/file_{what}"
    for who in ("officer", "custodian")
    for what in ("preview", "picture", "download")
}
PARTS_WITH_VIEWS = {
    "account",
    "ask",
    "asked",
    "audit",
    "case",
    "check_in",
    "choose",
    "clock",
    "conflicts",
    "desk",
    "ending",
    "entrance",
    "entries",
    "evaluations",
    "figures",
    "first_day",
    "going",
    "hand_over",
    "hold",
    "invitations",
    "keep",
    "keys",
    "new",
    "new_keys",
    "note",
    "notice",
    "objection",
    "people",
    "praise",
    "readers",
    "receipt",
    "recovery",
    "release",
    "remind",
    "reminders",
    "report",
    "returning",
    "screen",
    "settings",
    "shares",
    "slips",
    "staff",
    "trouble",
    "zone",
}


def relative(path: Path) -> str:
    return str(path.relative_to(HOME))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    tree = TREES.get(path) or ast.parse(path.read_text("utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def length(function: ast.FunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def is_view(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(mark).startswith("bp.") for mark in function.decorator_list)


def is_function(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    return isinstance(node, ast.FunctionDef)


def catches_everything(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler):
        return False
    return node.type is None or ast.unparse(node.type) == "Exception"


def imported_from(path: Path) -> set[str]:
    """Return the top-level packages that a file imports."""
    names: set[str] = set()
    for node in ast.walk(TREES[path]):
        match node:
            case ast.Import():
                names |= {alias.name.partition(".")[0] for alias in node.names}
            case ast.ImportFrom(module=str(module)):
                names.add(module.partition(".")[0])
    return names


def names_from_sqlalchemy(path: Path) -> set[str]:
    return {
        alias.name
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
    }


def names_at_module_level(path: Path) -> set[str]:
    assigned: set[str] = set()
    for node in TREES[path].body:
        match node:
            case ast.Assign():
                assigned |= {name for one in node.targets for name in names_in(one)}
            case ast.AnnAssign():
                assigned.add(ast.unparse(node.target))
    return assigned


def names_in(target: ast.expr) -> list[str]:
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    return [ast.unparse(part) for part in parts]


def labels() -> list[str]:
    constants = (
        node.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
    )
    written = (text.decode("latin-1") for text in constants if isinstance(text, bytes))
    return [text for text in written if text.startswith("lurus/")]


def page(path: Path) -> nodes.Template:
    return JINJA.parse(path.read_text("utf-8"))


def is_strange(node: nodes.Node) -> bool:
    return not isinstance(node, ALLOWED_NODES)


def chain_length(node: nodes.Node) -> int:
    return 1 + chain_length(node.node) if isinstance(node, nodes.Getattr) else 0


def page_endpoints() -> set[str]:
    """Return the endpoints that can be had by GET and show a page."""
    app = Flask(__name__, static_folder=None)
    for blueprint in (
        public.bp,
        published.bp,
        leaflet.bp,
        ledger.bp,
        reporter.bp,
        officer.bp,
        custodian.bp,
        administrator.bp,
        evaluator.bp,
    ):
        app.register_blueprint(blueprint)
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return {rule.endpoint.replace(".", "/") for rule in rules} - WITHOUT_PAGE


def whole_pages() -> set[str]:
    names = {str(path.relative_to(TEMPLATES).with_suffix("")) for path in PAGES}
    return {name for name in names if "/_" not in name} - {"_parts", "base"}


def public_names(package: ModuleType) -> set[str]:
    return {
        name
        for name, value in vars(package).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }


by_path = pytest.mark.parametrize("path", FILES, ids=relative)
by_view = pytest.mark.parametrize("path", VIEWS, ids=relative)
by_page = pytest.mark.parametrize("path", PAGES, ids=relative)


def test_layers_and_packages_import_downwards_only() -> None:
    # In a process of its own: the tool switches this one's loggers off.
    program = Path(sys.executable).with_name("lint-imports")
    config = str(HOME / "setup.cfg")

    outcome = subprocess.run(
        [program, "--config", config, "--no-cache"],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize("path", sorted((HOME / "crypto").glob("*.py")), ids=relative)
def test_crypto_imports_the_standard_library_cryptography_and_argon2(
    path: Path,
) -> None:
    allowed = {"argon2", "crypto", "cryptography", *sys.stdlib_module_names}
    allowed |= {"shamir_mnemonic"} if path.name == "recovery.py" else set()

    assert imported_from(path) <= allowed


@pytest.mark.parametrize("path", sorted((HOME / "portal").rglob("*.py")), ids=relative)
def test_primitives_are_never_imported_by_the_portal(path: Path) -> None:
    found = re.findall(
        r"^\s*(?:from|import) (?:cryptography|argon2|shamir)",
        path.read_text(),
        re.MULTILINE,
    )

    assert found == []


@by_path
def test_files_and_folders_are_called_by_their_noun(path: Path) -> None:
    assert not NO_NOUN & {part.removesuffix(".py") for part in path.parts[-3:]}


@by_path
def test_no_class_is_a_manager_or_its_kind(path: Path) -> None:
    classes = [node for node in ast.walk(TREES[path]) if isinstance(node, ast.ClassDef)]

    assert [one.name for one in classes if one.name.endswith(NO_CLASS)] == []


@by_path
def test_files_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES_OF_A_FILE


@by_path
def test_functions_fit_on_a_screen(path: Path) -> None:
    long = [one for one in functions(path) if length(one) > MOST_LINES_OF_A_FUNCTION]

    assert [(one.name, length(one)) for one in long] == []


@by_view
def test_a_view_is_form_verb_and_page(path: Path) -> None:
    views = [one for one in functions(path) if is_view(one)]

    assert [one.name for one in views if length(one) > MOST_LINES_OF_A_VIEW] == []


@by_view
def test_views_stand_at_module_level(path: Path) -> None:
    at_module_level = [node for node in TREES[path].body if is_function(node)]

    assert [one for one in functions(path) if is_view(one)] == [
        one for one in at_module_level if is_view(one)
    ]


@pytest.mark.parametrize("path", AT_THE_BORDER, ids=relative)
def test_only_the_domain_asks_and_changes_rows(path: Path) -> None:
    assert names_from_sqlalchemy(path) <= FROM_SQLALCHEMY
    assert ROWS.findall(path.read_text("utf-8")) == []


@by_path
def test_importing_makes_constants_and_blueprints_alone(path: Path) -> None:
    names = names_at_module_level(path) - {"bp", "__all__"}

    assert [name for name in names if not re.match(r"_*[A-Z]", name)] == []


@by_path
def test_nothing_is_global(path: Path) -> None:
    assert not [node for node in ast.walk(TREES[path]) if isinstance(node, ast.Global)]


@by_path
def test_only_the_border_catches_everything(path: Path) -> None:
    caught = [node for node in ast.walk(TREES[path]) if catches_everything(node)]

    assert caught == [] or relative(path) in MAY_CATCH_ALL


@pytest.mark.parametrize("path", [*FILES, *PAGES, *TESTS], ids=relative)
def test_nothing_is_left_for_later(path: Path) -> None:
    found = re.findall(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b", path.read_text("utf-8"))

    assert found == []


def test_no_label_is_used_twice() -> None:
    assert [label for label, count in Counter(labels()).items() if count > 1] == []


def test_labels_have_one_form() -> None:
    assert len(labels()) > 20
    assert [
        text for text in labels() if not re.fullmatch("lurus/v1/[a-z-]+", text)
    ] == []


@pytest.mark.parametrize("package", [administrator, crypto, officer, reporter])
def test_all_is_what_is_exported(package: ModuleType) -> None:
    listed = {name for name in package.__all__ if name not in PARTS_WITH_VIEWS}

    assert public_names(package) == listed


@by_page
def test_templates_only_show_what_is_ready(path: Path) -> None:
    unknown = [node for node in page(path).find_all(nodes.Node) if is_strange(node)]

    assert [(node.lineno, type(node).__name__) for node in unknown] == []


@by_page
def test_templates_use_our_filters_alone(path: Path) -> None:
    assert {node.name for node in page(path).find_all(nodes.Filter)} <= ALLOWED_FILTERS


@by_page
def test_templates_do_not_reach_through_values(path: Path) -> None:
    chains = [chain_length(node) for node in page(path).find_all(nodes.Getattr)]

    assert max(chains, default=0) <= LONGEST_CHAIN


@by_page
def test_templates_hold_no_script_no_style_and_no_address(path: Path) -> None:
    assert INLINE.findall(path.read_text("utf-8")) == []


@by_page
def test_every_form_starts_with_its_key(path: Path) -> None:
    starts = FORM.findall(path.read_text("utf-8"))

    assert [start for start in starts if start not in {"{{ csrf(", "{{ token"}] == []


def test_every_page_has_the_template_of_its_endpoint() -> None:
    assert whole_pages() == page_endpoints() | ANSWERS


def test_twelve_fixtures_are_enough() -> None:
    fixtures = [
        (relative(path), function.name)
        for path in TESTS
        for function in functions(path)
        for mark in function.decorator_list
        if ast.unparse(mark).startswith("pytest.fixture")
    ]

    assert len(fixtures) <= MOST_FIXTURES
    assert {Path(path).name for path, _ in fixtures} == {"conftest.py"}


@pytest.mark.parametrize("path", TESTS, ids=relative)
def test_tests_use_no_mocks(path: Path) -> None:
    assert not re.search(
        r"^\s*(?:from|import) (?:unittest|mock)", path.read_text(), re.MULTILINE
    )
