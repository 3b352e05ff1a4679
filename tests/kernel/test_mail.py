"""Mail: built so that nobody can smuggle headers in, sent to real servers, tried again when they don't take it."""

import email
import email.policy
import socket
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from flask import Flask
from jinja2 import DictLoader

from portal.kernel import clock, i18n, mail, outbox
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from tests.kernel.servers import make_certificate, server_context
from tests.support import databases
from tests.support.mailbox import Mailbox, free_port

TEMPLATES = {
    "hei.txt": "Subject: Hei {{ navn }}\n\nVelkommen, {{ navn }}: {{ tall|numberformat }}\n{{ url_for('side') }}\n",
    "hei.html": "<p>Velkommen, {{ navn }}</p><a href=\"{{ url_for('side', _external=True) }}\">Les</a>",
    "uten.txt": "Hei",
    "uten.html": "<p>Hei</p>",
}


@pytest.fixture
def mail_app(tmp_path):
    app = Flask("mail", static_folder=None)
    app.config["PORTAL"] = databases.settings("", tmp_path, base_url="https://portal.asker.example")
    app.jinja_env.loader = DictLoader(TEMPLATES)
    app.add_url_rule("/side", "side")
    i18n.init(app)
    with app.app_context():
        yield app


def message(**changes):
    plain = mail.Message(
        to="kari@nordmann.example",
        subject="Hei på deg",
        text="Hei på deg – her er noe å lese.",
        html="<p>Hei på deg</p>",
        language="nb",
    )
    return replace(plain, **changes)


def payload(template="hei", language="nb", **values):
    return {
        "template": template,
        "to": "kari@nordmann.example",
        "language": language,
        "headers": {},
        "values": values,
        "token": "0" * 32,
    }


@contextmanager
def mail_server(app, box, url="smtp://{host}:{port}", **options):
    """Run a mail server and point the settings to it."""
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        use(app, url.format(host="127.0.0.1", port=controller.port))
        yield
    finally:
        controller.stop()


def use(app, url):
    app.config["PORTAL"] = replace(app.config["PORTAL"], smtp_url=url)


# What a mail looks like


def test_a_mail_says_who_when_and_that_a_machine_wrote_it(mail_app):
    built = mail.built(message(headers={"List-Unsubscribe": "<https://portal.asker.example/av>"}))
    assert built["From"] == "portal@asker.example"
    assert built["To"] == "kari@nordmann.example"
    assert built["Subject"] == "Hei på deg"
    assert built["Auto-Submitted"] == "auto-generated"
    assert built["Content-Language"] == "nb"
    assert built["Message-ID"].endswith("@asker.example>")
    assert abs(built["Date"].datetime - clock.now()) < timedelta(minutes=1)
    assert built["List-Unsubscribe"] == "<https://portal.asker.example/av>"


def test_a_mail_has_text_and_html_in_lines_that_every_server_takes(mail_app):
    built = mail.built(message(text="å" * 5_000, html=f"<p>{'ø' * 5_000}</p>"))
    wire = built.as_bytes()
    assert wire.isascii()
    assert max(len(line) for line in wire.split(b"\r\n")) <= 78
    again = email.message_from_bytes(wire, policy=email.policy.default)
    assert [part.get_content_type() for part in again.iter_parts()] == ["text/plain", "text/html"]
    assert again.get_body(("plain",)).get_content().strip() == "å" * 5_000
    assert "ø" * 5_000 in again.get_body(("html",)).get_content()


def test_two_mails_never_share_their_id(mail_app):
    assert mail.built(message())["Message-ID"] != mail.built(message())["Message-ID"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85", "\x0b"])
def test_a_line_break_in_a_subject_makes_no_header(mail_app, end):
    built = mail.built(message(subject=f"Hei{end}Bcc: alle@ond.example{end}{end}Brødtekst"))
    again = email.message_from_bytes(built.as_bytes(), policy=email.policy.default)
    assert again["Bcc"] is None
    assert again["Subject"] == "Hei Bcc: alle@ond.example Brødtekst"


@pytest.mark.parametrize("value", ["x\nBcc: alle@ond.example", "x\r\nBcc: alle@ond.example", "x\r"])
def test_a_line_break_in_another_header_is_refused(mail_app, value):
    with pytest.raises(ValueError, match="line break"):
        mail.built(message(headers={"List-Unsubscribe": value}))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kari",
        "kari@",
        "@nordmann.example",
        "kari@nordmann",
        "kari@nordmann.example, ola@nordmann.example",
        "kari@nordmann.example\n",
        "kari@nordmann.example\r\nBcc: ola@nordmann.example",
        "Kari <kari@nordmann.example>",
        "<kari@nordmann.example>",
        "kari ola@nordmann.example",
        "kari@nord mann.example",
        "kari@ola@nordmann.example",
        "kari@nordmann..example",
        "kari@.example",
        "kari@nordmann.example.",
        '"kari"@nordmann.example',
        "kari@[127.0.0.1]",
        "kari\x00@nordmann.example",
        "k" * 65 + "@nordmann.example",
        "kari@" + "n" * 64 + ".example",
    ],
)
def test_what_is_not_one_address_is_refused(mail_app, address):
    with pytest.raises(Invalid) as refusal:
        mail.built(message(to=address))
    assert refusal.value.field == "email"


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("Kari.Nordmann+portal@Asker.Kommune.no", "Kari.Nordmann+portal@Asker.Kommune.no"),
        ("kari@blåbær.example", "kari@xn--blbr-roah.example"),
        ("o'hara_1@a-b.example", "o'hara_1@a-b.example"),
    ],
)
def test_an_address_is_written_as_mail_servers_write_it(address, written):
    assert mail.checked_address(address) == written


# Rendering


def test_a_queued_mail_is_rendered_in_its_language_with_whole_addresses(mail_app):
    norwegian, english = (mail.rendered(payload(language=code, navn="Kari", tall=1234.5)) for code in ("nb", "en"))
    assert (norwegian.subject, norwegian.language) == ("Hei Kari", "nb")
    assert "1\xa0234,5" in norwegian.text
    assert "1,234.5" in english.text
    assert 'href="https://portal.asker.example/side"' in norwegian.html


def test_names_are_escaped_in_html_and_left_alone_in_text(mail_app):
    rendered = mail.rendered(payload(navn="<b>Kari & Ola</b>", tall=1))
    assert "Velkommen, <b>Kari & Ola</b>:" in rendered.text
    assert "&lt;b&gt;Kari &amp; Ola&lt;/b&gt;" in rendered.html


def test_a_line_break_in_a_value_makes_no_header(mail_app):
    built = mail.built(mail.rendered(payload(navn="Kari\nBcc: alle@ond.example", tall=1)))
    assert built["Subject"] == "Hei Kari"
    assert built["Bcc"] is None


def test_a_template_without_a_subject_is_a_mistake(mail_app):
    with pytest.raises(ValueError, match=r"uten\.txt"):
        mail.rendered(payload("uten"))


# Real servers


def test_a_mail_arrives(mail_app):
    box = Mailbox()
    with mail_server(mail_app, box):
        mail.deliver(message())
    (arrived,) = box.to("kari@nordmann.example")
    assert arrived["Subject"] == "Hei på deg"
    assert "noe å lese" in arrived.get_body(("plain",)).get_content()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificate"), "localhost")


def sign_in(_server, _session, _envelope, _mechanism, given):
    right = (given.login, given.password) == (b"portal@asker", b"hemme:lig")
    return AuthResult(success=right, handled=right)


def test_a_mail_goes_over_a_secured_and_signed_in_connection(mail_app, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    box = Mailbox()
    url = "smtp://portal%40asker:hemme%3Alig@localhost:{port}?starttls=1"
    options = {"tls_context": server_context(certificate), "require_starttls": True, "authenticator": sign_in}
    with mail_server(mail_app, box, url, auth_required=True, **options):
        mail.deliver(message())
        assert len(box.messages) == 1
        use(mail_app, mail_app.config["PORTAL"].smtp_url.replace("hemme", "feil"))
        with pytest.raises(mail.MailFailed, match="535"):
            mail.deliver(message())
    assert len(box.messages) == 1


def test_a_mail_goes_over_a_connection_that_is_secure_from_the_start(mail_app, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    box = Mailbox()
    with mail_server(mail_app, box, "smtps://localhost:{port}", ssl_context=server_context(certificate)):
        mail.deliver(message())
    assert len(box.messages) == 1


@pytest.mark.parametrize("scheme", ["smtps://localhost:{port}", "smtp://localhost:{port}?starttls=1"])
def test_a_server_whose_certificate_is_unknown_gets_nothing(mail_app, certificate, scheme):
    box = Mailbox()
    context = server_context(certificate)
    options = {"ssl_context": context} if scheme.startswith("smtps") else {"tls_context": context}
    with (
        mail_server(mail_app, box, scheme, **options),
        pytest.raises(mail.MailFailed, match="certificate verify failed"),
    ):
        mail.deliver(message())
    assert box.messages == []


def test_a_server_that_offers_no_security_gets_nothing_when_it_is_asked_for(mail_app):
    box = Mailbox()
    url = "smtp://localhost:{port}?starttls=1"
    with mail_server(mail_app, box, url), pytest.raises(mail.MailFailed, match="STARTTLS"):
        mail.deliver(message())
    assert box.messages == []


def test_a_password_is_never_sent_in_the_clear_over_the_net(mail_app):
    use(mail_app, "smtp://portal:hemmelig@mail.example")
    with pytest.raises(mail.MailFailed, match="in the clear") as failure:
        mail.deliver(message())
    assert "hemmelig" not in str(failure.value)


# What goes wrong


@pytest.mark.parametrize("url", ["", "localhost:25", "file:///tmp/mail", "smtp://"])
def test_without_a_mail_server_the_mail_waits(mail_app, url):
    use(mail_app, url)
    with pytest.raises(mail.MailFailed, match="PORTAL_SMTP_URL"):
        mail.deliver(message())


@pytest.mark.parametrize("answer", ["451 later kari@nordmann.example", "554 never kari@nordmann.example"])
def test_a_refused_mail_is_said_so_without_naming_anyone(mail_app, answer):
    box = Mailbox()
    box.refuse = answer
    with mail_server(mail_app, box), pytest.raises(mail.MailFailed, match=answer[:3]) as failure:
        mail.deliver(message())
    assert "kari" not in str(failure.value)


class FullMailbox:
    async def handle_RCPT(self, _server, _session, _envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        return f"552 {address} is full"


def test_a_refused_recipient_is_said_so_without_naming_anyone(mail_app):
    with mail_server(mail_app, FullMailbox()), pytest.raises(mail.MailFailed, match=r"recipient \(552\)") as failure:
        mail.deliver(message())
    assert "kari" not in str(failure.value)


def test_a_server_that_is_down_is_said_so(mail_app):
    use(mail_app, f"smtp://127.0.0.1:{free_port()}")
    with pytest.raises(mail.MailFailed, match="can't be used"):
        mail.deliver(message())


def test_a_server_that_never_answers_is_given_up(mail_app, monkeypatch):
    monkeypatch.setattr(mail, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use(mail_app, f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(mail.MailFailed, match="can't be used"):
            mail.deliver(message())


# Through the outbox


@pytest.fixture
def mailing(app, monkeypatch):
    """The portal's own application, with these templates and the mail sender."""
    templates = {"hei.txt": "Subject: Hei\n\nHei {{ navn }}", "hei.html": "<p>Hei</p>"}
    monkeypatch.setattr(app.jinja_env, "loader", DictLoader(templates))
    monkeypatch.setitem(app.extensions, "portal_senders", {mail.TOPIC: mail.send_queued})
    return app


def test_a_queued_mail_is_sent_by_the_worker(mailing, smtp):
    headers = {"List-Unsubscribe": "<https://portal.asker.example/av>"}
    mail.queue("hei", to="kari@nordmann.example", language="nb", headers=headers, navn="Kari")
    db.session.commit()
    assert smtp.messages == []
    outbox.deliver_due()
    (arrived,) = smtp.to("kari@nordmann.example")
    assert "Hei Kari" in arrived.get_body(("plain",)).get_content()
    assert arrived["List-Unsubscribe"] == headers["List-Unsubscribe"]
    assert outbox.waiting() == 0


def test_a_mail_that_was_refused_for_now_is_tried_again_as_the_same_mail(mailing, smtp):
    mail.queue("hei", to="kari@nordmann.example", language="nb", navn="Kari")
    db.session.commit()
    smtp.refuse = "451 later"
    outbox.deliver_due()
    row = db.session.query(outbox.OutboxRow).one()
    first = row.payload["token"]
    assert (smtp.messages, row.done_at, row.attempts) == ([], None, 1)
    assert "451" in row.last_error
    smtp.refuse = ""
    with clock.moved(timedelta(minutes=5)):
        outbox.deliver_due()
    assert [arrived["Message-ID"] for arrived in smtp.messages] == [f"<{first}@asker.example>"]


def test_a_wrong_address_is_refused_before_anything_is_queued(mailing):
    with pytest.raises(Invalid):
        mail.queue("hei", to="kari", language="nb")
    assert outbox.waiting() == 0
