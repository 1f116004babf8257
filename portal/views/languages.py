"""Indonesian first, English second; both complete.

The language is the reader's own choice, kept in the cookie ``lang``: neither the
browser's languages nor the network decide.
"""

from pathlib import Path
from urllib.parse import urlencode

from babel.support import Translations
from flask import Flask, Response, g, request
from flask_babel import Babel

LANGUAGES = ("id", "en")
DEFAULT_LANGUAGE = "id"
COOKIE = "lang"

_NAMES = {"id": "Bahasa Indonesia", "en": "English"}


def install(app: Flask) -> None:
    """Choose a language for each request, and keep a choice that was made."""
    Babel(app, default_locale="en", locale_selector=language)
    _install_quick_gettext(app)
    app.before_request(_choose)
    app.after_request(_keep)
    app.context_processor(_words_for_pages)


def language() -> str:
    """Return the language of this request."""
    chosen: str = g.get("language", DEFAULT_LANGUAGE)
    return chosen


def _install_quick_gettext(app: Flask) -> None:
    """Give templates the catalogues themselves.

    Flask-Babel finds locale and domain anew for every text; a page of the form
    has some eighty, and that was a third of its time.
    """
    folder = Path(__file__).parent.parent / "translations"
    catalogues = {code: Translations.load(folder, [code]) for code in LANGUAGES}
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # i18n's
        lambda text: catalogues[language()].gettext(text),
        lambda one, many, count: catalogues[language()].ngettext(one, many, count),
        newstyle=True,
    )


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
