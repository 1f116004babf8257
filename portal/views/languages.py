"""Indonesian first, English second; both complete.

The language is the reader's own choice, kept in the cookie ``lang``: neither the
browser's languages nor the network decide.
"""

from gettext import NullTranslations
from pathlib import Path
from urllib.parse import urlencode

from babel.support import Translations
from flask import Flask, Response, current_app, g, request
from flask_babel import Babel

LANGUAGES = ("id", "en")
DEFAULT_LANGUAGE = "id"
COOKIE = "lang"

_CATALOGUES = "lurus.catalogues"
_NAMES = {"id": "Bahasa Indonesia", "en": "English"}


def install(app: Flask) -> None:
    """Choose a language for each request, and keep a choice that was made."""
    Babel(app, default_locale="en", locale_selector=language)
    _read_catalogues(app)
    app.before_request(_choose)
    app.after_request(_keep)
    app.context_processor(_words_for_pages)


def language() -> str:
    """Return the language of this request."""
    chosen: str = g.get("language", DEFAULT_LANGUAGE)
    return chosen


def translate(text: str) -> str:
    """Return *text* in the language of this request."""
    return _catalogue().gettext(text)


def _translate_count(one: str, many: str, count: int) -> str:
    return _catalogue().ngettext(one, many, count)


def _catalogue() -> NullTranslations:
    catalogues: dict[str, NullTranslations] = current_app.extensions[_CATALOGUES]
    return catalogues[language()]


def _read_catalogues(app: Flask) -> None:
    """Give templates and words the catalogues themselves.

    Flask-Babel finds locale and domain anew for every text; a page of the form
    has some eighty, and that was a third of its time.
    """
    folder = Path(__file__).parent.parent / "translations"
    catalogues = {code: Translations.load(folder, [code]) for code in LANGUAGES}
    app.extensions[_CATALOGUES] = catalogues
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # i18n's
        translate, _translate_count, newstyle=True
    )


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
