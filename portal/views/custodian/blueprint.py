"""The custodians' blueprint."""

from flask import Blueprint

bp = Blueprint("custodian", __name__, url_prefix="/custody")
