"""Indonesian first, English second; both complete.

The language is the reader's own choice, kept in the cookie ``lang``: neither the
browser's languages nor the network decide.

Templates are compiled once per language, with their texts and addresses put in: a
page of the form has some eighty texts, and to look each up was a third of its time.
"""

import hashlib
from gettext import NullTranslations
from pathlib import Path
from urllib.parse import urlencode

from babel.support import Translations
from flask import Flask, Response, current_app, g, request
from flask.templating import Environment
from flask_babel import Babel
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

LANGUAGES = ("id", "en")
DEFAULT_LANGUAGE = "id"
COOKIE = "lang"

_CATALOGUES = "lurus.catalogues"
_ENVIRONMENTS = "lurus.environments"
_VERSION_SIZE = 8
_NAMES = {"id": "Indonesia", "en": "English"}


def install(app: Flask) -> None:
    """Choose a language for each request, and keep a choice that was made."""
    app.jinja_environment = _Environment
    Babel(app, default_locale="en", locale_selector=language)
    _read_catalogues(app)
    app.before_request(_choose)
    app.after_request(_keep)
    app.context_processor(_words_for_pages)


def language() -> str:
    """Return the language of this request."""
    chosen: str = g.get("language", DEFAULT_LANGUAGE)
    return chosen


def render(template: str, **context: object) -> str:
    """Render a template in the language of this request."""
    environments: dict[str, _Environment] = current_app.extensions[_ENVIRONMENTS]
    current_app.update_template_context(context)
    return environments[language()].get_template(template).render(context)


def gettext(text: str, **values: object) -> str:
    """Return *text* in the language of this request, *values* filled in.

    Flask-Babel's own finds locale and domain anew for every text.
    """
    translated = _catalogue().gettext(text)
    return translated % values if values else translated


def _translate_count(one: str, many: str, count: int) -> str:
    return _catalogue().ngettext(one, many, count)


def _catalogue() -> NullTranslations:
    catalogues: dict[str, NullTranslations] = current_app.extensions[_CATALOGUES]
    return catalogues[language()]


def _read_catalogues(app: Flask) -> None:
    folder = Path(__file__).parent.parent / "translations"
    catalogues = {code: Translations.load(folder, [code]) for code in LANGUAGES}
    app.extensions[_CATALOGUES] = catalogues
    # For what a template counts or fills in; fixed texts are there already.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # i18n's
        gettext, _translate_count, newstyle=True
    )
    app.extensions[_ENVIRONMENTS] = {
        code: _environment(app, catalogue) for code, catalogue in catalogues.items()
    }


class _Environment(Environment):
    """Where templates of one language are compiled."""

    known: "_PuttingIn | None" = None

    def _parse(
        self, source: str, name: str | None, filename: str | None
    ) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return self.known.visit(tree) if self.known else tree


def _environment(app: Flask, catalogue: NullTranslations) -> _Environment:
    # Filters, globals and loader are the app's own; compiled templates are not.
    environment: _Environment = app.jinja_env.overlay()  # type: ignore[assignment]
    environment.known = _PuttingIn(catalogue, app)
    return environment


class _PuttingIn(NodeTransformer):
    """Puts in what is known before any request: fixed texts and addresses."""

    def __init__(self, catalogue: NullTranslations, app: Flask) -> None:
        self._catalogue = catalogue
        self._addresses = app.url_map
        self._static = Path(app.static_folder or "")

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 - Jinja's name
        """Return a constant in the place of a call that always yields the same."""
        self.generic_visit(node)
        called = node.node.name if isinstance(node.node, nodes.Name) else ""
        if called == "_":
            return self._text(node)
        if called == "url_for":
            return self._address(node)
        return node

    def _text(self, node: nodes.Call) -> nodes.Expr:
        text = self._catalogue.gettext(node.args[0].as_const())
        if not node.kwargs:
            # "%%" stands for one "%", with values or without.
            return nodes.MarkSafe(nodes.Const(text % ()))
        values = [nodes.Pair(nodes.Const(at.key), at.value) for at in node.kwargs]
        return nodes.Mod(nodes.MarkSafe(nodes.Const(text)), nodes.Dict(values))

    def _address(self, node: nodes.Call) -> nodes.Expr:
        try:
            endpoint = node.args[0].as_const()
            values = dict(at.as_const() for at in node.kwargs)
        except nodes.Impossible:
            return node  # a page of its own for each case
        if endpoint == "static":
            # Browsers keep these files for a day: a changed one has another address.
            content = (self._static / values["filename"]).read_bytes()
            values["v"] = hashlib.sha256(content).hexdigest()[:_VERSION_SIZE]
        return nodes.Const(self._addresses.bind("").build(endpoint, values))


def chosen() -> str | None:
    """Return the language to carry on where the cookies end; None for the first."""
    return None if language() == DEFAULT_LANGUAGE else language()


def _choose() -> None:
    wanted = request.args.get("lang") or request.cookies.get(COOKIE)
    g.language = wanted if wanted in LANGUAGES else DEFAULT_LANGUAGE


def _keep(response: Response) -> Response:
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(
            COOKIE,
            language(),
            secure=g.get("cookie_is_secure", False),
            httponly=True,
            samesite="Strict",
        )
    return response


def _words_for_pages() -> dict[str, str | None]:
    other = next(code for code in LANGUAGES if code != language())
    address = "?" + urlencode({"lang": other})
    return {
        "lang": language(),
        "other_language": _NAMES[other],
        "other_code": other,
        # A page made from what was typed would lose it by a link.
        "language_switch": address if request.method == "GET" else None,
    }
