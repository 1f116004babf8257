"""A mail server: how it is spoken to, and what can go wrong there.

Nothing here names this machine: the greeting carries the sender's domain. A server
that hangs, drips or breaks off costs the thread that speaks to it, for a bounded time.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from threading import Timer
from typing import Any, Self


class Security(StrEnum):
    """How the way to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"
    """Only on this machine."""


class MailFailure(StrEnum):
    """What became of a sending that failed; no address, no words of the server."""

    UNREACHABLE = "cannot be reached"
    UNTRUSTED = "offers no encryption that can be trusted"
    TOO_SLOW = "is too slow"
    BROKEN_OFF = "broke off"
    REFUSED = "refused"
    NO_PASSWORD = "was not asked: its password file cannot be read"  # noqa: S105  # nosec B105


_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
LONGEST_ADDRESS = 254


def is_mail_address(text: str) -> bool:
    """Tell whether *text* is one plain mail address and nothing else."""
    return len(text) <= LONGEST_ADDRESS and bool(_ADDRESS.fullmatch(text))


@dataclass(frozen=True)
class Patience:
    """How long a mail server may take, in seconds."""

    step: float = 20
    """For one answer."""
    whole: float = 300
    """For everything."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is given to, and as whom."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    password_file: Path | None = None
    patience: Patience = Patience()

    @property
    def domain(self) -> str:
        """The sender's domain: all that a message and a greeting tell of us."""
        return self.sender.rpartition("@")[2]

    def deliver(self, messages: Sequence[EmailMessage]) -> MailFailure | None:
        """Give every message to the server, and tell the last failure, if any.

        One that is refused does not keep the others back.
        """
        limit = _Limit(self.patience.whole)
        with limit:
            try:
                return self._give(messages, limit)
            except (OSError, ValueError) as error:
                return MailFailure.TOO_SLOW if limit.is_over else _failure(error)

    def _give(
        self, messages: Sequence[EmailMessage], limit: "_Limit"
    ) -> MailFailure | None:
        password = self._read_password()
        if password is None:
            return MailFailure.NO_PASSWORD
        failure = None
        with self._connection(limit) as connection:
            if self.user:
                connection.login(self.user, password)
            for message in messages:
                try:
                    connection.send_message(message)
                except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException):
                    failure = MailFailure.REFUSED
        return failure

    def _connection(self, limit: "_Limit") -> smtplib.SMTP:
        # An agency's own authority is named to OpenSSL by SSL_CERT_FILE.
        context = ssl.create_default_context()
        place = (self.host, self.port, self.domain, self.patience.step)
        if self.security is Security.TLS:
            return _Sealed(limit, *place, context)
        connection = _Plain(limit, *place)
        if self.security is Security.STARTTLS:
            _encrypt(connection, context)
        return connection

    def _read_password(self) -> str | None:
        """Return the password; empty where none is asked for, None if unreadable."""
        if self.password_file is None:
            return ""
        try:
            return self.password_file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None


class _Limit:
    """Cuts a connection that lasts too long, whatever it waits for just then."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._line: socket.socket | None = None
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        if self._line:
            self._line.close()

    def watch(self, line: socket.socket) -> None:
        """Hold the line by a handle of one's own: TLS takes the other over."""
        self._line = line.dup()

    def _cut(self) -> None:
        self.is_over = True
        if self._line:
            try:
                self._line.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has ended by itself


class _Plain(smtplib.SMTP):
    """A connection under a limit."""

    def __init__(
        self, limit: _Limit, host: str, port: int, domain: str, step: float
    ) -> None:
        self._limit = limit
        super().__init__(host, port, local_hostname=domain, timeout=step)

    def _get_socket(self, *where: Any) -> socket.socket:
        line: socket.socket = super()._get_socket(*where)  # type: ignore[misc]
        self._limit.watch(line)
        return line


class _Sealed(smtplib.SMTP_SSL, _Plain):
    """The same, in TLS from its first byte on."""

    def __init__(
        self,
        limit: _Limit,
        host: str,
        port: int,
        domain: str,
        step: float,
        context: ssl.SSLContext,
    ) -> None:
        self._limit = limit
        smtplib.SMTP_SSL.__init__(
            self, host, port, local_hostname=domain, timeout=step, context=context
        )


def _encrypt(connection: smtplib.SMTP, context: ssl.SSLContext) -> None:
    try:
        connection.starttls(context=context)
    except smtplib.SMTPNotSupportedError:
        connection.close()
        raise ssl.SSLError("no STARTTLS") from None
    except OSError:
        connection.close()
        raise


def _failure(error: Exception) -> MailFailure:
    # A time that ran out while an answer was read stands behind a disconnection.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return MailFailure.TOO_SLOW
    if isinstance(error, _BROKEN_OFF):
        return MailFailure.BROKEN_OFF
    if isinstance(error, ssl.SSLError):
        return MailFailure.UNTRUSTED
    if isinstance(error, smtplib.SMTPException | ValueError):
        return MailFailure.REFUSED
    return MailFailure.UNREACHABLE


_BROKEN_OFF = (
    smtplib.SMTPServerDisconnected,
    ssl.SSLEOFError,
    ConnectionResetError,
    BrokenPipeError,
)
