"""Promise 18: originals leave only as downloads; what is looked at, the portal made.

A download has one safe type whatever the file is, a neutral name, ``nosniff`` and a
policy that lets it do nothing. What is looked at is a JPEG that was drawn here. No
other address of the portal sends a byte of what was handed in.
"""

from io import BytesIO

import pytest
from attackers import Loot
from builders import duty_of, receive_file
from flask import Flask
from people import Officer, Person, Reporter
from photographs import (
    AS_SENT,
    CLEANED,
    SECRET_NAME,
    fetch,
    files_on,
    letter,
    object_path,
    photo,
    send_files,
    spoil,
)
from PIL import Image
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal import case_files_marker
