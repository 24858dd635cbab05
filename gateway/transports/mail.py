"""Mail: plain text handed to a server by SMTP, each message under the id of its notice, however often it is sent."""

import smtplib
import ssl
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from gateway.exchange.alerts import Message
from gateway.kernel.errors import ChannelDownError, TransportError, UnsureError

NEXT_STEP = "Look at 'mail' in gateway.yaml, then try it with: gateway alerts test ROUTE"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed to: ``security`` is none, starttls or tls."""

    host: str
    port: int
    security: str
    timeout: float
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"


@dataclass(frozen=True, slots=True)
class MailSender:
    """Writes to some addresses."""

    server: MailServer
    sender: str
    to: tuple[str, ...]
    clock: Callable[[], datetime]

    def send(self, message: Message) -> None:
        """Hand a message over for all addresses; raises ChannelDownError where the server takes none, UnsureError where that broke off, TransportError where it refuses this one."""
        mail = written(message, self.sender, self.to, self.clock())
        kind = ChannelDownError
        try:
            with closing(_connected(self.server)) as server:
                kind = UnsureError
                _hand_over(server, mail, self.sender, self.to)
                _end(server)
        except (OSError, smtplib.SMTPException, ssl.CertificateError) as error:
            raise kind(f"{self.server.host} took no mail: {_why(error)}", next_step=NEXT_STEP) from error


def written(message: Message, sender: str, to: Sequence[str], at: datetime) -> EmailMessage:
    """The mail as it leaves; raises TransportError where a header would have more than one line."""
    domain = sender.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP)
    headers = {
        "From": sender, "To": ", ".join(to), "Subject": message.subject, "Date": format_datetime(at),
        "Message-ID": f"<{message.id}@{domain}>", "Auto-Submitted": "auto-generated",
    }  # fmt: skip
    for name, value in headers.items():
        if not value.isprintable():
            raise TransportError(f"The {name} of a mail has a line end or another control character; it was not sent.")
        try:
            mail[name] = value
        except (ValueError, MessageError) as error:
            raise TransportError(f"The {name} of a mail cannot be written: {error}.") from error
    mail.set_content(message.text, cte="quoted-printable")
    return mail


def _connected(server: MailServer) -> smtplib.SMTP:
    """A connection that is safe where that is asked, and logged in where there is a user."""
    context = ssl.create_default_context()
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    try:
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _end(server: smtplib.SMTP) -> None:
    """What was taken is taken, however the server says good-bye."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()


def _hand_over(server: smtplib.SMTP, mail: EmailMessage, sender: str, to: Sequence[str]) -> None:
    """Who is refused keeps nobody else from it; only where all are, or the text is, it is tried again."""
    try:
        server.sendmail(sender, list(to), mail.as_bytes())
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
        raise TransportError(f"The mail was refused: {_why(error)}", next_step=NEXT_STEP) from error


def _why(error: Exception) -> str:
    """What a server said, without what we said to it."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            said = [f"{who}: {_text(code, text)}" for who, (code, text) in error.recipients.items()]
            return "; ".join(said)
        case smtplib.SMTPAuthenticationError():
            return f"it refused the login ({error.smtp_code})."
        case smtplib.SMTPResponseException():
            return _text(error.smtp_code, error.smtp_error)
        case ssl.SSLCertVerificationError():
            return f"its certificate is not trusted: {error.verify_message}."
        case TimeoutError():
            return "it did not answer in time."
        case OSError() if error.strerror:
            return f"{error.strerror}."
    return f"{error}."


def _text(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(said.split())[:200]}"
