"""Endpoints on the command line: a secret that is shown once, lists, tests, replays, disabled and enabled."""

from tests.cli.conftest import Run, lines

URL = "https://eau.example/facteur"


def test_the_life_of_an_endpoint(facteur: Run) -> None:
    facteur("issuer", "add", "eau", "--name", "Eau")
    secret = facteur("webhook", "add", "eau", URL, "--type", "feed.held", "--type", "feed.released").stdout.strip()
    assert secret.startswith("whsec_")
    [endpoint] = lines(facteur("webhook", "list", "--json"))
    assert (endpoint["issuer"], endpoint["url"], endpoint["state"]) == ("eau", URL, "enabled")
    assert endpoint["types"] == ["feed.held", "feed.released"]
    assert "secret" not in endpoint
    name = str(endpoint["endpoint"])
    assert URL in facteur("webhook", "list", "--issuer", "eau").stdout
    rotated = facteur("webhook", "rotate", name).stdout.strip()
    assert rotated.startswith("whsec_")
    assert rotated != secret
    event = facteur("webhook", "test", name).stdout.strip()
    assert event.startswith("msg_")
    [delivery] = lines(facteur("webhook", "deliveries", name, "--state", "waiting"))
    assert (delivery["event"], delivery["type"], delivery["attempts"]) == (event, "webhook.test", [])
    assert "1 event will be sent again" in facteur("webhook", "replay", name, "--event", event).stderr
    assert "0 events" in facteur("webhook", "replay", name, "--failed").stderr
    facteur("webhook", "replay", name, "--after", "0", "--until", "5")
    facteur("webhook", "disable", name, "--by", "Léa", "--reason", "le serveur déménage")
    [endpoint] = lines(facteur("webhook", "list", "--json"))
    assert (endpoint["state"], endpoint["reason"]) == ("disabled", "le serveur déménage")
    facteur("webhook", "test", name, expect=1)
    facteur("webhook", "enable", name)
    facteur("webhook", "enable", name, expect=1)
    [roots] = lines(facteur("keys", "list", "--json"))
    assert roots["webhook_secrets"] == 2


def test_what_is_refused(facteur: Run) -> None:
    facteur("issuer", "add", "eau", "--name", "Eau")
    for url in ("http://eau.example", "https://10.0.0.1", "https://localhost/", "https://u:p@eau.example"):
        facteur("webhook", "add", "eau", url, expect=1)
    facteur("webhook", "add", "eau", URL, "--type", "bill.eaten", expect=1)
    facteur("webhook", "add", "gaz", URL, expect=1)
    facteur("webhook", "add", "eau", URL)
    facteur("webhook", "add", "eau", URL, expect=1)
    [endpoint] = lines(facteur("webhook", "list", "--json"))
    name = str(endpoint["endpoint"])
    facteur("webhook", "replay", name, expect=2)
    facteur("webhook", "replay", name, "--failed", "--after", "1", expect=2)
    facteur("webhook", "replay", name, "--event", "msg_nothing", expect=1)
    facteur("webhook", "disable", name, expect=2)
    for verb in ("rotate", "test", "enable", "deliveries"):
        facteur("webhook", verb, "4711", expect=1)
