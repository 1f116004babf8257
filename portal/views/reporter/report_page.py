"""The one page of the report form: empty, looked over, or refused."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask import request
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import Field

from crypto import FormToken
from portal.categories import Category
from portal.forms import ReportForm
from portal.hints import Hint, HintKind, find_hints
from portal.reports import (
    CameBy,
    Hope,
    MayCustodian,
    Ongoing,
    OthersKnow,
    Reminded,
    Report,
)
from portal.roster import ListedCustodian, ListedOfficer, list_custodians, list_officers
from portal.runtime import runtime
from portal.views.evidence import NO_EVIDENCE, Evidence, files_part
from portal.views.fragments import kept
from portal.views.languages import LANGUAGES, language
from portal.views.languages import gettext as _
from portal.views.public import bodies_on_page
from portal.views.reporter.counter import OWN, Counter
from portal.views.reporter.ticks import ReaderOnPage, readers_on_page
from portal.views.request import db, form_key_field
from portal.views.response import filled, private_page, with_script
from portal.views.words import field_word, word

_LOOKED_OVER = "looked-over"
# Places in a page: whatever else stands there is escaped, and holds no "<".
_TOKEN_HERE = Markup("<token>")
_KEY_HERE = Markup("<key>")


@dataclass(frozen=True)
class Choice:
    """A category as it can be chosen."""

    code: str
    title: str
    line: str
    is_checked: bool


@dataclass(frozen=True)
class ChoiceGroup:
    """Categories under one heading."""

    title: str
    choices: list[Choice]


@dataclass(frozen=True)
class Option:
    """One answer of a short question."""

    value: str
    label: str
    is_checked: bool


@dataclass(frozen=True)
class HintOnPage:
    """A part of the text, or an answer, that may point at its writer."""

    field: str
    field_label: str
    excerpt: str
    """Empty where the answer itself is what points."""
    question: str


@dataclass(frozen=True)
class Preset:
    """Why only outside officers are ticked: a reason, and how it is said."""

    reason: str
    note: str


def form_page(
    form: ReportForm,
    token: FormToken,
    officers: Sequence[ListedOfficer] | None = None,
    evidence: Evidence = NO_EVIDENCE,
    *,
    counter: Counter = OWN,
    notices: Sequence[str] = (),
    is_preview: bool = False,
    http: int = 200,
) -> Response:
    """Render the form with everything that was typed, and the files that came."""
    officers = list_officers(db()) if officers is None else officers
    context = _context(
        form, token.reveal(), officers, notices, counter=counter, is_preview=is_preview
    )
    part = files_part(evidence, has_script=True)
    shown = private_page(counter.template, http=http, **context, **part)
    # Without readers there is no form, and no script that it brings.
    return with_script(shown) if context["readers"] else shown


def empty_form_page(token: FormToken) -> Response:
    """Render the empty form: for everybody the same but for its two keys.

    It is rendered once for a language and a list of officers; the keys are put in.
    """
    officers = list_officers(db())
    html = kept(
        OWN.template,
        (officers, list_custodians(db())),
        lambda: {
            **_context(ReportForm(formdata=None), _TOKEN_HERE, officers),
            # One file more would be one request more, on the first visit.
            **files_part(NO_EVIDENCE, has_script=False),
            "csrf": lambda _path: _KEY_HERE,
        },
    )
    key = form_key_field(OWN.action)
    return filled(
        str(html).replace(_TOKEN_HERE, token.reveal()).replace(_KEY_HERE, key)
    )


def _context(
    form: ReportForm,
    token: str,
    officers: Sequence[ListedOfficer],
    notices: Sequence[str] = (),
    *,
    counter: Counter = OWN,
    is_preview: bool = False,
) -> dict[str, object]:
    named = form.report() if form.who_name.data else None
    custodians = list_custodians(db())
    presets = new_presets(form, officers) if is_preview else []
    is_typed = request.method == "POST"
    readers = readers_on_page(form, officers, named, all_ticked=not is_typed)
    is_someone_free = any(not reader.is_named for reader in readers)
    is_readable = is_someone_free and not form.leaves_nobody
    only_outside = bool(form.only_outside.data) or bool(presets)
    return {
        "form": form,
        "form_token": token,
        "presets": _remember(form, presets, is_preview=is_preview),
        "categories": _categories(form.category.data or ""),
        **_short_answers(form),
        "readers": readers,
        "has_outside": any(reader.is_outside for reader in readers),
        "only_outside": only_outside,
        "custodians": ", ".join(map(_keeper, custodians)),
        "never_custodian": form.custodian.data == MayCustodian.NO,
        "is_preview": is_preview,
        "hints": _hints(form) if is_preview else [],
        "preset_notes": [
            *(preset.note for preset in presets),
            *(_named_note(reader) for reader in readers if reader.is_named),
            *(_preview_notes(form, readers, custodians) if is_preview else ()),
        ],
        "notices": notices,
        "no_reader": not is_readable,
        "bodies": [] if is_readable else bodies_on_page(),
        **_actions(counter),
    }


def _keeper(custodian: ListedCustodian) -> str:
    unit = f" ({custodian.unit})" if custodian.unit else ""
    return f"{custodian.name}{unit}"


def _preview_notes(
    form: ReportForm,
    readers: list[ReaderOnPage],
    custodians: Sequence[ListedCustodian],
) -> list[str]:
    """Return what the preview says of nobody's reading, and of the custodians."""
    return [*_nobody_note(readers), *_custodian_notes(form, custodians)]


def _actions(counter: Counter) -> dict[str, str]:
    """Return where the form goes, and where it comes back from in another language."""
    other = next(code for code in LANGUAGES if code != language())
    there = f"{counter.action}?lang={other}"
    return {"form_action": counter.action, "language_action": there}


def was_looked_over(form: ReportForm) -> bool:
    """Tell whether the form comes from a preview."""
    return _LOOKED_OVER in (form.presets.data or "").split()


def new_presets(form: ReportForm, officers: Sequence[ListedOfficer]) -> list[Preset]:
    """Return the reasons, not shown before, to tick only outside officers."""
    if not any(officer.is_outside for officer in officers):
        return []
    report = form.report()
    seen = (form.presets.data or "").split()
    return [
        preset for preset in _reasons(report, officers) if preset.reason not in seen
    ]


def _reasons(report: Report, officers: Sequence[ListedOfficer]) -> list[Preset]:
    settings = runtime().settings
    reasons = []
    if runtime().taxonomy.find(report.category).prefers_outside:
        note = _("For this kind only officers outside the agency are ticked.")
        reasons.append(Preset(report.category, note))
    position = settings.head_position.casefold()
    is_head = bool(settings.head_name and report.names(settings.head_name))
    if is_head or (position and position in report.who_position.casefold()):
        note = _("You name the head: only officers outside the agency are ticked.")
        reasons.append(Preset("head", note))
    if any(report.may_name(officer.name) for officer in officers):
        note = _("You name an officer: only officers outside the agency are ticked.")
        reasons.append(Preset("officer", note))
    return reasons


def _remember(form: ReportForm, presets: Sequence[Preset], *, is_preview: bool) -> str:
    seen = {*(form.presets.data or "").split(), *(preset.reason for preset in presets)}
    seen |= {_LOOKED_OVER} if is_preview else set()
    known = {_LOOKED_OVER, "head", "officer", *runtime().taxonomy.codes}
    return " ".join(sorted(seen & known))


def _nobody_note(readers: Sequence[ReaderOnPage]) -> tuple[str, ...]:
    if any(reader.is_checked for reader in readers):
        return ()
    return (_("No officer is ticked yet. At least one must be able to read it."),)


def _custodian_notes(
    form: ReportForm, custodians: Sequence[ListedCustodian]
) -> Iterator[str]:
    """Say of each custodian what was chosen, or follows from who is named."""
    report = form.report()
    for custodian in custodians:
        if report.calls(custodian.name):
            yield _(
                "If a deadline is missed or no officer is left, %(name)s can open it.",
                name=custodian.name,
            )
        else:
            yield _("%(name)s can never open it.", name=custodian.name)


def _named_note(reader: ReaderOnPage) -> str:
    return _(
        "%(name)s is named in your report, and is therefore not ticked.",
        name=reader.name,
    )


def _hints(form: ReportForm) -> list[HintOnPage]:
    return hints_of(form.free_texts) + _few_know(form.others_know)


def hints_of(fields: Iterable[Field]) -> list[HintOnPage]:
    """Return what in these texts may give their writer away."""
    return [
        HintOnPage(field.name, field_word(field.name), hint.excerpt, _question(hint))
        for field in fields
        for hint in find_hints(field.data or "")
    ]


def _few_know(field: Field) -> list[HintOnPage]:
    if not field.data or not OthersKnow(field.data).is_fewer_than_five:
        return []
    advice = _(
        "Few people know of it: you are easier to guess. "
        "Write more generally if you can."
    )
    return [HintOnPage(field.name, field_word(field.name), "", advice)]


def _question(hint: Hint) -> str:
    said = word(hint.kind)
    if hint.kind in {HintKind.STAFF_NUMBER, HintKind.NATIONAL_ID, HintKind.PHONE}:
        whose = _("Is it yours, or the other person’s?")
        return f"{said}. {whose}"
    return f"{said}."


def _short_answers(form: ReportForm) -> dict[str, Markup]:
    vocabularies = {
        "came_by": CameBy,
        "ongoing": Ongoing,
        "others_know": OthersKnow,
        "reminded": Reminded,
        "hope": Hope,
    }
    return {
        name: answers_row(name, vocabulary, form[name].data)
        for name, vocabulary in vocabularies.items()
        if name in form
    }


def answers_row(name: str, vocabulary: type[StrEnum], typed: str | None) -> Markup:
    """Return the answers of a short question: for each that is chosen, one such row."""
    known = typed if typed in {member.value for member in vocabulary} else ""
    return kept(
        "reporter/_answers.html",
        (name, known),
        lambda: {"name": name, "items": _options(vocabulary, known)},
    )


def _options(vocabulary: type[StrEnum], chosen: str | None) -> list[Option]:
    return [
        Option(member.value, word(member), member.value == chosen)
        for member in vocabulary
    ]


def _categories(chosen: str) -> Markup:
    """Return the categories to choose from: 25 of them, but only 26 such lists.

    Where one is chosen the others are folded away: the form is long enough.
    """
    taxonomy = runtime().taxonomy
    known = chosen if chosen in taxonomy.codes else ""
    return kept(
        "reporter/_categories.html",
        known,
        lambda: {
            "chosen": _choice(taxonomy.find(known), known) if known else None,
            "unsure": _choice(taxonomy.unsure, known),
            "groups": _groups(known),
        },
    )


def _groups(chosen: str) -> list[ChoiceGroup]:
    return [
        ChoiceGroup(
            group.title[language()],
            [_choice(category, chosen) for category in group.categories],
        )
        for group in runtime().taxonomy.groups
    ]


def _choice(category: Category, chosen: str) -> Choice:
    return Choice(
        category.code,
        category.title[language()],
        category.line[language()],
        category.code == chosen,
    )
