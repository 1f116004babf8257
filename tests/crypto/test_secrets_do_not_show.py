"""No secret shows in a log, a traceback or a comparison."""

import pytest
from known_answers import slip39
from strategies import CHEAPEST, INSTANCE

from crypto import (
    CaseCode,
    CaseKey,
    Cookie,
    FileKey,
    FileSealer,
    FormToken,
    GateSecret,
    Identity,
    Key,
    LockedIdentity,
    OneTimeSecret,
    OpenedKeys,
    RecoveryCodes,
    RecoveryShare,
    ReplyCode,
    Share,
    Slip,
    UploadToken,
)
from crypto.case_code import SECRET_BITS

RAW = bytes(range(0x41, 0x61))  # 32 bytes whose text is easy to find
NUMBER = int.from_bytes(RAW, "big") >> (256 - SECRET_BITS)
KEY = Key(RAW, INSTANCE)
WORDS = slip39.written(slip39.numbers(RAW, identifier=7, index=0, need=2))
SECRETS = {
    "case code": CaseCode(NUMBER),
    "slip": Slip(NUMBER >> 40),
    "reply code": ReplyCode(NUMBER >> 40),
    "key": KEY,
    "case key": CaseKey(KEY, KEY),
    "identity": Identity(RAW),
    "cookie": Cookie(RAW),
    "gate secret": GateSecret(RAW),
    "form token": FormToken.issue(KEY, 0x41424344),
    "one-time secret": OneTimeSecret(RAW[:20]),
    "opened keys": OpenedKeys().adding({bytes(16): RAW * 2}),
    "recovery codes": RecoveryCodes(RAW * 5),
    "recovery share": RecoveryShare.parse(WORDS),
    "share": Share("match-2", "", RAW.decode(), RAW * 2, RAW),
    "file key": FileKey(RAW),
    "file sealer": FileSealer(FileKey(RAW)),
    "upload token": UploadToken(RAW + b"a"),
    "locked identity": LockedIdentity.lock(
        Identity(RAW), "ABCDEFGH", holder=b"rina", instance=INSTANCE, cost=CHEAPEST
    ),
}
SHOWN = [
    RAW[:8].decode(),
    RAW[:4].hex(),
    str(NUMBER),
    f"{NUMBER:x}",
    CaseCode(NUMBER).reveal(),
    Slip(NUMBER >> 40).reveal(),
    str(NUMBER >> 40),
    SECRETS["cookie"].reveal()[:8],
    SECRETS["form token"].reveal()[:8],
    SECRETS["one-time secret"].reveal()[:8],
    SECRETS["upload token"].reveal()[:8],
    *WORDS.split()[4:9],
]
every_secret = pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)


@every_secret
@pytest.mark.parametrize(
    "show", [repr, str, format, ascii, "{!r}".format, "%s".__mod__]
)
def test_a_secret_does_not_show(secret, show):
    shown = show(secret)

    assert not [part for part in SHOWN if part.lower() in shown.lower()]


@every_secret
def test_a_secret_does_not_show_inside_other_things(secret):
    shown = repr([secret, {"secret": secret}, (secret,)]) + f"{[secret]}"

    assert not [part for part in SHOWN if part.lower() in shown.lower()]


@every_secret
def test_a_secret_has_no_attributes_to_dump(secret):
    with pytest.raises(TypeError):
        vars(secret)


@every_secret
def test_a_secret_compares_by_being_the_same_thing_alone(secret):
    assert type(secret).__eq__ is object.__eq__
    assert type(secret).__hash__ is object.__hash__


@every_secret
def test_a_secret_takes_no_further_attributes(secret):
    with pytest.raises((AttributeError, TypeError)):
        secret.note = "x"


def test_the_words_looked_for_are_those_a_secret_would_show():
    assert SHOWN[0] in KEY.reveal().decode()
    assert SHOWN[4] == SECRETS["case code"].reveal()
