"""The evaluators' blueprint."""

from flask import Blueprint

bp = Blueprint("evaluator", __name__, url_prefix="/peraga")
