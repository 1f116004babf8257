"""The reporter's blueprint."""

from flask import Blueprint

bp = Blueprint("reporter", __name__)
