"""The daily notice: a mail or a calendar entry, both the same for everybody."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.forms import NoticeForm
from portal.notices import keep_mail_address
from portal.runtime import runtime
from portal.views.officer.blueprint import bp
from portal.views.request import db, duty
from portal.views.response import private_page


@bp.route("/notice", methods=["GET", "POST"])
def notice() -> Response:
    """Show where the notice goes; take another address, or none."""
    if request.method == "GET":
        address = duty().person.mail_address
        return _page(NoticeForm(formdata=None, mail_address=address))
    form = NoticeForm()
    if not (runtime().settings.smtp_host and form.validate()):
        return _page(form, http=422)
    keep_mail_address(db(), duty(), form.mail_address.data, runtime().today())
    return redirect(url_for("officer.notice", kept="yes"), 303)


def _page(form: NoticeForm, *, http: int = 200) -> Response:
    return private_page(
        "officer/notice.html",
        http=http,
        form=form,
        is_kept=request.method == "GET" and request.args.get("kept") == "yes",
        sends_mail=bool(runtime().settings.smtp_host),
    )
