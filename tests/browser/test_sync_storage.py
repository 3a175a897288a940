"""What a browser keeps of check-ins: durable, whole or not at all, nothing on another's device."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.people import Visit, logged_in, newcomer, visit

# Names that the scripts of a test begin with.
_STORAGE = """
const { storageOf, alone } = await import("/web/lib/sync_storage.js");
const own = () => storageOf("p1", { isOwnDevice: true });
const all = async (storage) => [...(await storage.read([""]))].map(([key, value]) => [key, value]);
"""
_SYNC = """
const { storageOf, alone } = await import("/web/lib/sync_storage.js");
const { transportOf } = await import("/web/lib/sync_transport.js");
const { openSync } = await import("/web/lib/sync.js");
const { api } = await import("/web/lib/session.js");
const cookie = (name) => document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))
  ?.split("=")[1] ?? null;
const transport = transportOf({ fetch: (...sent) => fetch(...sent), cookie }, api, patientId);
const sync = await openSync({
  patientId, transport, alone, storage: storageOf(patientId, { isOwnDevice: true }),
  clock: Date.now, random: Math.random, newId: () => crypto.randomUUID(),
});
const today = new Date().toISOString().slice(0, 10);
"""


def _run(page: Page, script: str, given: Any = None) -> Any:
    return page.evaluate(f"async (patientId) => {{ {script} }}", given)


@pytest.fixture
def page(browser: Browser, url: str) -> Any:
    with visit(browser, url) as someone:
        yield someone.open("/")


def test_what_was_written_is_there_after_the_page_was_loaded_anew(page: Page) -> None:
    script = 'await own().change([], () => [["a/1", { mood: 6 }], ["a/2", 2], ["b/1", 3]]);'
    _run(page, _STORAGE + script)
    page.reload()
    gone = 'await own().change(["a/"], (found) => [["a/2", undefined], ["a/3", found.size]]);'
    told = _run(page, _STORAGE + gone + "return all(own());")
    assert told == [["a/1", {"mood": 6}], ["a/3", 2], ["b/1", 3]]
    assert _run(page, _STORAGE + 'return [...(await own().read(["b/"])).keys()];') == ["b/1"]


def test_a_change_that_fails_changes_nothing_and_says_why(page: Page) -> None:
    script = """
    const storage = own();
    await storage.change([], () => [["a", 1]]);
    const half = function* () { yield ["a", 2]; throw new Error("half way"); };
    const unstorable = () => [["a", 3], ["b", () => 0]];
    const told = [];
    for (const change of [half, unstorable]) {
      await storage.change([], change).catch((error) => told.push(error.name + error.message));
    }
    return [told.map((text) => text.slice(0, 13)), await all(storage)];
    """
    assert _run(page, _STORAGE + script) == [["Errorhalf way", "DataCloneErro"], [["a", 1]]]


def test_two_tabs_that_change_the_same_count_both(page: Page, url: str) -> None:
    other = page.context.new_page()
    other.goto(url)
    count = """
    const storage = own();
    const more = (found) => [["n", (found.get("n") ?? 0) + 1]];
    await Promise.all(Array.from({ length: 20 }, () => storage.change(["n"], more)));
    return (await all(storage))[0][1];
    """
    page.evaluate(f"() => {{ window.counting = (async () => {{ {_STORAGE + count} }})(); }}")
    _run(other, _STORAGE + count)
    page.evaluate("() => window.counting")
    assert _run(page, _STORAGE + "return all(own());") == [["n", 40]]


def test_a_change_is_asked_to_be_on_the_disk_before_it_is_told(page: Page) -> None:
    script = """
    const asked = [];
    const begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (...given) {
      asked.push([given[1], given[2]?.durability]);
      return begin.apply(this, given);
    };
    await own().change([], () => [["a", 1]]);
    return asked;
    """
    assert _run(page, _STORAGE + script) == [["readwrite", "strict"]]


def test_on_a_device_that_is_not_theirs_nothing_is_stored(page: Page) -> None:
    script = """
    const storage = storageOf("p1", { isOwnDevice: false });
    await storage.change([], () => [["a", 1]]);
    const kept = [await indexedDB.databases(), localStorage.length, sessionStorage.length];
    return [await all(storage), ...kept, await all(storageOf("p1", { isOwnDevice: false }))];
    """
    assert _run(page, _STORAGE + script) == [[["a", 1]], [], 0, 0, []]


def test_one_tab_syncs_at_a_time(page: Page) -> None:
    script = """
    const order = [];
    const work = (name) => alone("sync", async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => { setTimeout(resolve, 5); });
      order.push(`${name} ends`);
      return name;
    });
    return [await Promise.all([work("a"), work("b")]), order];
    """
    told = _run(page, _STORAGE + script)
    assert told == [["a", "b"], ["a begins", "a ends", "b begins", "b ends"]]


@pytest.fixture
def patient(browser: Browser, url: str) -> Any:
    email, patient_id = newcomer(url)
    with logged_in(browser, url, email) as someone:
        yield someone, patient_id


def test_a_day_kept_without_a_network_is_sent_once_there_is_one(
    patient: tuple[Visit, str],
) -> None:
    someone, patient_id = patient
    page = someone.page
    save = """
    const { base } = await sync.day(today);
    const edit = { date: today, answers: { mood: 6 }, timezone: "Europe/Berlin", base };
    const shown = await sync.save(edit);
    return [shown.state, await sync.round(), await sync.state(), today];
    """
    _run(page, _SYNC + "return sync.state();", patient_id)  # the files are there
    someone.context.set_offline(True)
    state, sent, told, today = _run(page, _SYNC + save, patient_id)
    assert (state, sent["kind"], told["unsent"]) == ("phone", "later", 1)
    someone.context.set_offline(False)
    page.reload()
    again = """
    const round = () => sync.round({ isAsked: true });
    const rounds = await Promise.all([round(), round()]);
    return [rounds.map(({ kind }) => kind), (await sync.day(today)).state];
    """
    assert _run(page, _SYNC + again, patient_id) == [["synced", "synced"], "synced"]
    stored = someone.ask("GET", f"/v1/me/checkins/{today}")
    assert (stored["mood"], stored["revision"]) == (6, 1)


def test_under_another_persons_login_it_waits(
    browser: Browser, url: str, patient: tuple[Visit, str]
) -> None:
    someone, _ = patient
    save = """
    const { base } = await sync.day(today);
    await sync.save({ date: today, answers: { mood: 6 }, timezone: "Europe/Berlin", base });
    return [await sync.round(), (await sync.state()).unsent, today];
    """
    told, unsent, today = _run(someone.page, _SYNC + save, "0b6f3c1e-52d7-4a8e-9c4f-1d2e3f4a5b6c")
    assert (told, unsent) == ({"kind": "login"}, 1)
    assert someone.ask("GET", f"/v1/me/checkins?from={today}&to={today}")["items"] == []
