"""Alerts reach a real mail server and a real webhook, once; who was away misses nothing, and is not flooded."""

from __future__ import annotations

import hashlib
import hmac
import logging
import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from talentsync.customers.models import Customer
from talentsync.monitoring import alerts, messages, posting, telling
from talentsync.monitoring.models import Alert, Receiver, Watch
from talentsync.monitoring.troubles import Trouble
from tests.monitoring import mail_server
from tests.monitoring.conftest import WEBHOOK_SECRET
from tests.monitoring.mail_server import Mailbox
from tests.monitoring.webhook_server import Receiver as Chat
from tests.sync import driving

pytestmark = pytest.mark.django_db

Silent = Alert.Condition.SILENT
WORKER = Trouble(key="silent:worker", condition=Silent, facts={"part": "worker"})
BEAT = Trouble(key="silent:beat", condition=Silent, facts={"part": "beat"})


@pytest.fixture(autouse=True)
def watch(db: None) -> None:
    Watch.objects.create(due_at=timezone.now())


def stopped(number: int) -> Trouble:
    facts = {"what": f"Customer {number} <&>"}
    return Trouble(key=f"held:{number}:0::", condition=Alert.Condition.HELD, facts=facts, path="/admin/sync/hold/")


def look(*troubles: Trouble, **later: float) -> None:
    driving.clock.shift(timedelta(**later))
    alerts.note(troubles, timezone.now())
    telling.tell(timezone.now())


# the two ways


def test_a_mail_says_what_is_wrong_since_when_and_where_to_look(mailbox: Mailbox, settings: object) -> None:
    settings.SITE_URL = "https://talentsync.example"
    look(stopped(1), WORKER)
    [mail] = mailbox.mails
    assert (mail.sender, mail.to) == ("talentsync@example.com", ["duty@example.com"])
    assert mail.message["Subject"] == "TalentSync: 2 alerts"
    assert mail.text.splitlines() == [
        "ALERT: Stopped: Customer 1 <&>. Since 2026-03-02 12:00 UTC. https://talentsync.example/admin/sync/hold/",
        "ALERT: No worker is running: what people ask for waits and is not sent. Since 2026-03-02 12:00 UTC.",
        "https://talentsync.example/admin/monitoring/alert/",
    ]


def test_every_address_gets_a_mail_of_its_own(mailbox: Mailbox, settings: object) -> None:
    settings.ALERT_EMAILS = ["duty@example.com", "night@example.com"]
    look(WORKER)
    assert sorted(to for mail in mailbox.mails for to in mail.to) == settings.ALERT_EMAILS


def test_a_webhook_is_signed_with_the_time_in_it_and_fit_for_slack(webhook: Chat) -> None:
    look(stopped(1))
    [post] = webhook.posts
    assert post.path == "/services/T0/B0/path-is-secret?key=secret"
    assert post.headers["content-type"] == "application/json"
    timestamp = post.headers["x-talentsync-timestamp"]
    assert abs(int(timestamp) - timezone.now().timestamp()) < 60
    signed = hmac.new(WEBHOOK_SECRET.encode(), timestamp.encode() + b"." + post.body, hashlib.sha256).hexdigest()
    assert post.headers["x-talentsync-signature"] == f"sha256={signed}"
    assert post.text.startswith("TalentSync: 1 alert\nALERT: Stopped: Customer 1 &lt;&amp;&gt;.")


# once


def test_each_is_told_once_and_its_end_once(mailbox: Mailbox, webhook: Chat) -> None:
    for _ in range(4):
        look(WORKER, minutes=1)
    for _ in range(4):
        look(minutes=4)
    assert [mail.message["Subject"] for mail in mailbox.mails] == ["TalentSync: 1 alert", "TalentSync: 1 is over"]
    assert mailbox.mails[1].text.startswith("OVER: No worker is running")
    assert "From 2026-03-02 12:01 UTC to 2026-03-02 12:12 UTC." in mailbox.mails[1].text
    assert len(webhook.posts) == 2


def test_what_begins_later_is_told_alone(webhook: Chat) -> None:
    look(WORKER)
    look(WORKER, BEAT, minutes=1)
    assert "worker" not in webhook.posts[1].text
    assert "The clock (beat)" in webhook.posts[1].text


def test_of_two_who_look_at_the_same_moment_one_tells(webhook: Chat) -> None:
    look()
    alerts.note([WORKER], timezone.now())
    [receiver] = Receiver.objects.all()
    assert telling._claim(receiver, timezone.now())
    assert not telling._claim(receiver, timezone.now())


# receivers that are away


def test_a_receiver_that_is_away_gets_all_of_it_later_as_one_message(webhook: Chat) -> None:
    webhook.answers = 503
    look(WORKER)
    look(WORKER, stopped(1), minutes=10)
    look(WORKER, minutes=10)
    look(minutes=60)
    look(BEAT, minutes=60)
    webhook.answers = 200
    look(BEAT, minutes=60)
    [post] = webhook.posts
    lines = post.text.splitlines()
    assert lines[0] == "TalentSync: 1 alert, 2 are over"
    assert [line.split(":")[0] for line in lines[1:4]] == ["ALERT", "OVER", "OVER"]
    look(BEAT, minutes=60)
    assert len(webhook.posts) == 1


def test_a_receiver_that_is_away_is_tried_again_ever_more_rarely(webhook: Chat) -> None:
    webhook.answers = 500
    waits = []
    for _ in range(8):
        look(WORKER)
        [receiver] = Receiver.objects.all()
        waits.append((receiver.due_at - timezone.now()).total_seconds() / 60)
        driving.clock.move_to(receiver.due_at)
    assert [round(wait) for wait in waits] == [1, 2, 5, 15, 30, 60, 60, 60]


def test_a_webhook_that_refuses_connections_gets_all_of_it_later(webhook: Chat, settings: object) -> None:
    there = settings.ALERT_WEBHOOK_URL
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    settings.ALERT_WEBHOOK_URL = f"http://127.0.0.1:{port}/hook"
    look(WORKER)
    assert [receiver.failures for receiver in Receiver.objects.all()] == [1]
    settings.ALERT_WEBHOOK_URL = there
    look(WORKER, minutes=2)
    assert len(webhook.posts) == 1


def test_a_webhook_that_takes_the_call_and_says_nothing_is_away(
    settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps nobody else waiting for longer than a call lasts."""
    monkeypatch.setattr(posting, "SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.ALERT_WEBHOOK_URL = f"http://127.0.0.1:{silent.getsockname()[1]}/hook"
        settings.ALERT_WEBHOOK_SECRET = WEBHOOK_SECRET
        look(WORKER)
    assert [receiver.failures for receiver in Receiver.objects.all()] == [1]


def test_a_receiver_that_is_not_yet_due_is_left_alone(webhook: Chat) -> None:
    webhook.answers = 500
    look(WORKER)
    webhook.answers = 200
    look(WORKER, seconds=30)
    assert webhook.posts == []
    look(WORKER, seconds=40)
    assert len(webhook.posts) == 1


def test_one_receiver_that_is_away_keeps_nobody_else_waiting(mailbox: Mailbox, webhook: Chat, settings: object) -> None:
    settings.ALERT_EMAILS = ["a@example.com", "z@example.com"]
    webhook.answers = 500
    look(WORKER)
    assert len(mailbox.mails) == 2


def test_a_mail_server_that_comes_back_is_sent_what_it_missed(mailbox: Mailbox, settings: object) -> None:
    with mail_server.served() as gone:
        settings.EMAIL_PORT = gone.port
    look(WORKER)
    look(minutes=10)
    settings.EMAIL_PORT = mailbox.port
    look(minutes=10)
    [mail] = mailbox.mails
    assert mail.message["Subject"] == "TalentSync: 1 is over"


def test_a_mailbox_that_is_refused_is_tried_again(mailbox: Mailbox) -> None:
    mailbox.refuses = True
    look(WORKER)
    mailbox.refuses = False
    look(WORKER, minutes=2)
    assert len(mailbox.mails) == 1


def test_a_redirect_is_not_followed(webhook: Chat) -> None:
    webhook.answers = 302
    look(WORKER)
    assert Receiver.objects.get().failures == 1


def test_hundreds_of_alerts_are_one_message_that_can_be_read(webhook: Chat) -> None:
    webhook.answers = 500
    look(*(stopped(number) for number in range(300)))
    webhook.answers = 200
    look(*(stopped(number) for number in range(300)), minutes=10)
    [post] = webhook.posts
    assert post.text.splitlines()[0] == "TalentSync: 300 alerts"
    assert len(post.text.splitlines()) == messages.AT_MOST + 3
    assert "… and 280 more" in post.text


def test_a_failure_is_logged_without_address_and_secret(
    webhook: Chat, mailbox: Mailbox, settings: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    webhook.answers, mailbox.refuses = 500, True
    look(WORKER)
    assert "alerts could not be sent by webhook: HTTP 500; next try in 0:01:00" in caplog.text
    assert "alerts could not be sent by mail: SMTPRecipientsRefused" in caplog.text
    for secret in ("path-is-secret", "key=secret", WEBHOOK_SECRET, "duty@", str(webhook.port)):
        assert secret not in caplog.text


# receivers that come and go


def test_a_new_receiver_is_told_what_is_wrong_now_and_not_what_is_over(webhook: Chat, settings: object) -> None:
    url, settings.ALERT_WEBHOOK_URL = settings.ALERT_WEBHOOK_URL, ""
    look(WORKER)
    look(minutes=10)
    look(BEAT)
    settings.ALERT_WEBHOOK_URL = url
    look(BEAT, minutes=1)
    [post] = webhook.posts
    assert "worker" not in post.text
    assert "The clock (beat)" in post.text


def test_a_receiver_that_is_named_no_more_is_forgotten(webhook: Chat, settings: object) -> None:
    look(WORKER)
    settings.ALERT_WEBHOOK_URL = ""
    look(WORKER, days=29)
    assert Receiver.objects.exists()
    look(WORKER, days=2)
    assert not Receiver.objects.exists()


def test_processes_with_other_settings_make_nobody_be_told_twice(webhook: Chat, settings: object) -> None:
    url = settings.ALERT_WEBHOOK_URL
    for url_of_this_process in (url, "", url, "", url):
        settings.ALERT_WEBHOOK_URL = url_of_this_process
        look(WORKER, minutes=1)
    assert len(webhook.posts) == 1


def test_an_address_that_cannot_be_written_keeps_nobody_else_waiting(mailbox: Mailbox, settings: object) -> None:
    settings.ALERT_EMAILS = ["a\n@example.com", "z@example.com"]
    look(WORKER)
    assert [mail.to for mail in mailbox.mails] == [["z@example.com"]]


def test_old_alerts_go_once_everybody_knows_of_them(webhook: Chat) -> None:
    look(WORKER)
    webhook.answers = 500
    look(minutes=10)
    driving.clock.shift(timedelta(days=91))
    alerts.forget(timezone.now())
    assert Alert.objects.exists()
    webhook.answers = 200
    look()
    assert len(webhook.posts) == 2
    alerts.forget(timezone.now())
    assert not Alert.objects.exists()


def test_an_alert_of_a_customer_goes_with_the_customer(acme: Customer, webhook: Chat) -> None:
    look(Trouble(key="held:1", condition=Alert.Condition.HELD, customer_id=acme.pk, facts={"what": "Acme"}))
    acme.delete()
    look(minutes=10)
    assert not Alert.objects.exists()
