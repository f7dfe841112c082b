"""A phone that may show messages, in a browser, with the push service behind it played by the test."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Worker

from server.notify.channels import Letter, To
from server.notify.webpush.seal import payload
from tests.browser.conftest import Office
from tests.browser.phone import OFFICER, settle

ENDPOINT = "https://fcm.googleapis.com/fcm/send/"
#: What the worker asks of the system, noted: the number on the icon, what was shown with a sound, how often the subscription was ended.
HEARS = """() => {
  self.number = null;
  navigator.setAppBadge = async (number) => { self.number = number; };
  self.heard = [];
  self.ended = 0;
  PushManager.prototype.getSubscription = async () => ({ unsubscribe: async () => { self.ended += 1; return true; } });
  const show = ServiceWorkerRegistration.prototype.showNotification;
  ServiceWorkerRegistration.prototype.showNotification = function (title, options) {
    self.heard.push([options.tag, !options.silent]);
    return show.call(this, title, options);
  };
}"""
#: Whether a comment with these words is on the device.
HOLDS = """async ([name, words]) => {
  const done = (asked) => new Promise((resolve, reject) => { asked.onsuccess = () => resolve(asked.result); asked.onerror = reject; });
  const opened = await done(indexedDB.open(name));
  const rows = await done(opened.transaction("rows").objectStore("rows").getAll());
  opened.close();
  return rows.some((row) => row.kind === "comment" && JSON.stringify(row.data).includes(words));
}"""
#: The browser has changed its address by itself.
CHANGED = """([before, after]) => {
  const event = new ExtendableEvent("pushsubscriptionchange");
  event.oldSubscription = { endpoint: before.endpoint };
  event.newSubscription = { toJSON: () => after };
  dispatchEvent(event);
}"""


class Data:
    """What the server of this module has stored."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "soviec.sqlite3"

    def rows(self, sql: str, *given: str) -> list[Any]:
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=20) as opened:
            return opened.execute(sql, given).fetchall()

    def person(self, username: str) -> str:
        return str(self.rows("SELECT id FROM person WHERE username = ?", username)[0][0])

    def unread(self, person: str) -> list[Any]:
        """(notice, task) of what he was told of tasks and has not read, the newest first."""
        return self.rows(
            "SELECT o.id, o.subject FROM outbox o JOIN task t ON t.id = o.subject WHERE o.person = ? AND o.read_at IS NULL "
            "AND o.replaced_at IS NULL AND o.kind LIKE 'task.%' ORDER BY o.at DESC",
            person,
        )

    def is_read(self, notice: str) -> bool:
        return bool(self.rows("SELECT read_at FROM outbox WHERE id = ? AND read_at IS NOT NULL", notice))


class Phone:
    """An officer's phone that may show messages, and the push service behind it."""

    def __init__(self, office: Office, context: BrowserContext, data: Data) -> None:
        self.office, self.context, self.data = office, context, data
        context.grant_permissions(["notifications"], origin=office.base)
        self.page = context.new_page()
        office.sign_in(self.page, OFFICER)
        settle(self.page)
        self.tools = context.new_cdp_session(self.page)
        found: list[str] = []
        self.tools.on(
            "ServiceWorker.workerRegistrationUpdated", lambda said: found.extend(one["registrationId"] for one in said["registrations"])
        )
        self.tools.send("ServiceWorker.enable")
        for _ in range(50):
            if not found:
                self.page.wait_for_timeout(100)
        self.registration = found[0]
        self.worker.evaluate(HEARS)

    @property
    def worker(self) -> Worker:
        return self.context.service_workers[-1]

    def push(self, text: str) -> None:
        self.tools.send("ServiceWorker.deliverPushMessage", {"origin": self.office.base, "registrationId": self.registration, "data": text})

    def tell(self, letter: Letter, username: str = OFFICER) -> None:
        """What the channel seals for this person, as the browser's push service unseals it."""
        to = To(id="a", channel="webpush", address=ENDPOINT, person=self.data.person(username))
        self.push(payload(to, letter, 1_800_000_000).decode())

    def shown(self) -> list[dict[str, Any]]:
        read = "({title, body, tag, silent, lang}) => ({title, body, tag, silent, lang})"
        return list(self.worker.evaluate(f"() => registration.getNotifications().then(all => all.map({read}))"))

    def shows(self, count: int) -> list[dict[str, Any]]:
        for _ in range(100):
            if len(found := self.shown()) == count:
                return found
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{len(self.shown())} notifications, not {count}; shown until now: {self.worker.evaluate('() => self.heard')}")

    def tap(self) -> None:
        """The browser's own tap can't be made by a test; the handler that it calls is the same."""
        self.worker.evaluate(
            """async () => {
              const [notification] = await registration.getNotifications();
              try { dispatchEvent(new NotificationEvent("notificationclick", { notification, action: "open" })); } catch { }
            }"""
        )

    def number(self, expected: int) -> None:
        for _ in range(100):
            if (found := self.worker.evaluate("() => self.number")) == expected:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{found} on the icon, not {expected}")


def letter(task: str, *messages: str, **more: Any) -> Letter:
    given: dict[str, Any] = {
        "id": "d-1",
        "kind": "task.assigned",
        "tag": f"task:{task}",
        "link": f"/tasks/{task}",
        "messages": list(messages),
    }
    return Letter(**{**given, "title": "Việc mới: 26-014 Rà soát hồ sơ", "bare": "Việc mới 26-014", **more})


def eventually(page: Page, true: Callable[[], bool]) -> None:
    for _ in range(150):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("never became true")
