"""A mail server of the tests: it takes mail, or fails in one of the ways there are."""

import datetime as dt
import socket
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Letter:
    """What one message was given with."""

    greeting: str
    sender: str
    recipients: list[str]
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


class MailBox:
    """Listens on this machine; *manner*: how it behaves towards who comes."""

    def __init__(
        self, manner: str = "kind", certificate: Path | None = None, tls: str = ""
    ) -> None:
        self.manner, self.tls, self.certificate = manner, tls, certificate
        self.letters: list[Letter] = []
        self.logins: list[str] = []
        self.is_held = threading.Event()
        self.was_patient = False
        """Who came was still there when everything else had long ended."""
        self.release = threading.Event()
        self._all_here = threading.Condition()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._start(self._listen)
        return self

    def __exit__(self, *_error: object) -> None:
        self.release.set()
        # A thread that waits for a connection does not notice a mere close.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(10)

    def wait_for(self, count: int) -> list[Letter]:
        with self._all_here:
            assert self._all_here.wait_for(lambda: len(self.letters) >= count, 10)
        return self.letters

    def _start(self, target: Any, *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        while True:
            try:
                line, _where = self._socket.accept()
            except OSError:
                return
            self._start(self._serve, line)

    def _serve(self, line: socket.socket) -> None:
        try:
            if self.tls == "tls":
                line = self._sealed(line)
            with line:
                self._talk(line)
        except OSError:
            line.close()

    def _sealed(self, line: socket.socket) -> socket.socket:
        assert self.certificate
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        return context.wrap_socket(line, server_side=True)

    def _talk(self, line: socket.socket) -> None:
        if self.manner == "hanging":
            self.is_held.set()
            self.was_patient = not self.release.wait(5)
        elif self.manner.startswith("dripping"):
            self._drip(line)
        else:
            say(line, "554 go away" if self.manner == "refusing" else "220 here")
            self._converse(line, self.tls == "starttls")

    def _drip(self, line: socket.socket) -> None:
        # The head of a long record, in TLS; a line without end, otherwise.
        drops = iter(b"\x16\x03\x03\x3f\xff" if "TLS" in self.manner else b"2")
        for _ in range(250):
            if self.release.wait(0.02):
                return
            line.sendall(bytes([next(drops, ord("2"))]))
        self.was_patient = True

    def _converse(self, line: socket.socket, can_encrypt: bool) -> None:
        letter = Letter("", "", [])
        while command := heard(line):
            word = command.split(" ")[0].split(":")[0].upper()
            if word == "STARTTLS":
                say(line, "220 go on")
                with self._sealed(line) as sealed:
                    return self._converse(sealed, False)
            if word == "DATA" and self.manner == "closing":
                return None
            if word == "EHLO":
                letter.greeting = command
                say(line, "250-here")
                say(line, "250-STARTTLS" if can_encrypt else "250-8BITMIME")
            elif word == "MAIL":
                letter = Letter(letter.greeting, command, [])
            elif word == "RCPT":
                letter.recipients.append(command)
            elif word == "DATA":
                self._take(line, letter)
            self.logins += [command] * (word == "AUTH")
            say(line, self._answer(word, command))
        return None

    def _take(self, line: socket.socket, letter: Letter) -> None:
        say(line, "354 go on")
        while (text := heard(line)) != ".":
            letter.lines.append(text)
        with self._all_here:
            self.letters.append(letter)
            self._all_here.notify_all()

    def _answer(self, word: str, command: str) -> str:
        if word == "RCPT" and self.manner in command:
            return "550 nobody"
        if word == "AUTH":
            return "535 no" if self.manner == "not letting in" else "235 yes"
        return {"EHLO": "250 AUTH PLAIN", "QUIT": "221 bye"}.get(word, "250 yes")


def say(line: socket.socket, text: str) -> None:
    line.sendall(text.encode() + b"\r\n")


def heard(line: socket.socket) -> str:
    """Return a line without its end; empty at the end of all."""
    read = b""
    while not read.endswith(b"\r\n"):
        more = line.recv(1)
        if not more:
            return ""
        read += more
    return read[:-2].decode() or " "


def make_certificate(folder: Path, name: str = "localhost") -> Path:
    """Make a certificate that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
