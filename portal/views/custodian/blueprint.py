"""The custodians' blueprint."""

from flask import Blueprint

from portal.views.case_files import add_file_pages

bp = Blueprint("custodian", __name__, url_prefix="/custody")

add_file_pages(bp)
