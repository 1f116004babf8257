"""The officers' blueprint."""

from flask import Blueprint

from portal.views.case_files import add_file_pages

bp = Blueprint("officer", __name__, url_prefix="/office")

add_file_pages(bp)
