"""Mina writes a campaign, Oscar approves it, and whoever was invited reads what it is about and gets no more."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

from sqlalchemy import select, update

from store import Store
from store.accounts.consumer import Consumer
from store.campaigns.campaign import Campaign
from store.campaigns.campaign_invitation import CampaignInvitation
from store.campaigns.stopped_contact import stopped_accounts
from store.issuer import Issuer
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_campaign import run_a_campaign
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl

NewStaff = Callable[[str], Browser]
FORM = {
    "name": "Rentrée", "lever": "email", "occasion": "first_paper", "wordings": "together-1", "departments": "44, 85",
    "channel": "", "tenure_months": "", "starts_on": "2026-03-03", "ends_on": "", "most_invitations": "500",
    "budget": "1,50", "unit_cost": "", "paper_code": "", "cap_days": "60", "cap_year": "3",
}  # fmt: skip


def may_write(store: Store, slug: str) -> None:
    with store.writing() as session:
        session.execute(update(Issuer).where(Issuer.slug == slug).values(profile='[invitations]\nby = ["email"]'))


def state_of(store: Store) -> tuple[str, str, str]:
    with store.reading() as session:
        row = session.scalars(select(Campaign)).one()
        return row.state, row.author, row.decided_by


def test_who_writes_a_campaign_does_not_approve_it(office: Office, store: Store, staff: NewStaff) -> None:
    mina, oscar, eva = staff("mina"), staff("oscar"), staff("eva")
    mina.get("/equipe/campagnes/nouvelle")
    refused = mina.post("/equipe/campagnes/nouvelle", **FORM)
    assert refused.status_code == 422
    assert "[invitations] by" in plain(refused.text)
    may_write(store, "lumiere")

    written = mina.post("/equipe/campagnes/nouvelle", **FORM)

    page = written.request.path
    text = plain(mina.get(page).text)
    assert "brouillon" in text
    assert "départements 44, 85" in text
    assert "après la première facture sur papier" in text
    assert eva.get(page).status_code == 404
    assert eva.get(f"{page}/comptes").status_code == eva.get(f"{page}/comptes.csv").status_code == 404
    assert "Rentrée" not in eva.get("/equipe/campagnes").text
    _only_its_author_changes_a_draft(page, mina, oscar, eva)
    mina.post(page, decision="soumettre")
    assert mina.post(f"{page}/modifier", **FORM).status_code == 422, "it is submitted"
    assert "une autre personne l’approuve" in plain(mina.get(page).text)
    again = mina.post(page, decision="approuver")
    assert again.status_code == 422
    oscar.get(page)
    assert oscar.post(page, decision="approuver").status_code == 200
    assert state_of(store) == ("approved", "mina@facteur.example", "oscar@facteur.example")
    assert mina.post(page, decision="arreter", words=" ").status_code == 422
    mina.post(page, decision="arreter", words="Un mot est faux")
    assert state_of(store)[0] == "stopped"
    assert "Un mot est faux" in plain(oscar.get(page).text)


def _only_its_author_changes_a_draft(page: str, mina: Browser, oscar: Browser, eva: Browser) -> None:
    form = mina.get(f"{page}/modifier").text
    assert all(f'value="{each}"' in form for each in ("Rentrée", "44, 85", "500", "1,5", "0,002", "2026-03-03"))
    refused = mina.post(f"{page}/modifier", **FORM | {"name": "Été", "budget": "-1"})
    assert (refused.status_code, 'value="Été"' in refused.text) == (422, True)
    changed = mina.post(f"{page}/modifier", **FORM | {"name": "Rentrée de mars", "departments": "29"})
    assert (changed.request.path, "départements 29" in plain(changed.text)) == (page, True)
    assert oscar.get(f"{page}/modifier").request.path == page
    assert oscar.post(f"{page}/modifier", **FORM).status_code == 422
    assert eva.get(f"{page}/modifier").status_code == 404
    eva.get("/equipe/campagnes")
    assert eva.post(f"{page}/modifier", **FORM).status_code == 404
    assert "Rentrée de mars" in mina.get("/equipe/campagnes").text
    mina.post(f"{page}/modifier", **FORM)


#: What stands behind each figure of the sample: one account that claimed, one held out, one left out by the cap.
BEHIND = {
    "etat=choisis": ["C-ALICE"], "etat=partis": ["C-ALICE"], "etat=temoin": ["C-BOB"], "etat=ecartes": ["C-CHARLIE"],
    "motif=invitation_cap": ["C-CHARLIE"], "motif=invitation_stopped": [], "groupe=temoin": ["C-BOB"],
    "groupe=together-1": ["C-ALICE"], "groupe=together-1&etape=page": [],
    "groupe=together-1&etape=reclamation": ["C-ALICE"], "groupe=temoin&etape=reclamation": [],
    "groupe=invites&etape=reclamation&semaine=2026-02-16": ["C-ALICE"],
    "groupe=invites&etape=invitation&semaine=2026-02-16": ["C-ALICE"],
    "groupe=invites&etape=invitation&semaine=2026-02-23": [],
}  # fmt: skip


def test_a_running_campaign_tells_its_wave_and_every_figure_opens_its_list(
    office: Office, store: Store, staff: NewStaff, clock: Clock
) -> None:
    three = [ubl("K-1"), ubl("K-2", "C-BOB"), ubl("K-3", "C-CHARLIE")]
    office.pipeline.work_feed(office.drop(three, name="trois.xml"), clock())
    page, _ = run_a_campaign(store, office.lumiere.id, clock() - timedelta(days=9))
    mina = staff("mina")

    shown = mina.get(page).text
    listed = plain(mina.get(f"{page}/comptes").text)
    sheet = mina.get(f"{page}/comptes.csv").text
    linked = {unescape(each) for each in re.findall(rf'href="{page}/comptes\?([^"]+)"', shown)}
    sheets = {query: mina.get(f"{page}/comptes.csv?{query}").text for query in BEHIND}
    lists = {query: plain(mina.get(f"{page}/comptes?{query}").text) for query in BEHIND}

    assert "témoin" in plain(shown)
    assert "leur foyer a été invité il y a peu" in plain(shown)
    assert "du dixième des foyers que personne n’invite" in listed
    assert "son foyer a été invité il y a peu : pas avant le 2 mai 2026" in listed
    assert sheet.startswith("\ufeffContrat;Client;État;Pourquoi")
    assert len(sheet.strip().splitlines()) == 4
    assert linked == {query for query, accounts in BEHIND.items() if accounts}
    assert {query: [line.split(";")[0] for line in text.splitlines()[1:]] for query, text in sheets.items()} == BEHIND
    assert all(account in lists[query] for query, accounts in BEHIND.items() for account in accounts)
    assert all(("Aucun contrat ici" in text) != bool(BEHIND[query]) for query, text in lists.items())
    for unknown in ("etat=sent", "groupe=tous", "groupe=temoin&etape=envoi", "groupe=temoin&semaine=9999-12-31"):
        assert mina.get(f"{page}/comptes?{unknown}").status_code == 404


def test_whoever_was_invited_reads_what_it_is_about_and_gets_no_more(
    office: Office, store: Store, browser: Callable[[], Browser], clock: Clock
) -> None:
    three = [ubl("K-1"), ubl("K-2", "C-BOB"), ubl("K-3", "C-CHARLIE")]
    office.pipeline.work_feed(office.drop(three, name="trois.xml"), clock())
    _, (cut, link, cut_too, stop) = run_a_campaign(store, office.lumiere.id, clock())
    alice = browser()

    first, opened = alice.get(link), _row(store).opened_at
    clock.forward(days=1)
    alice.get(link)

    assert "Vos factures Lumière de l’Ouest peuvent vous attendre" in plain(first.text)
    assert opened is not None
    assert _row(store).opened_at == opened
    _follows_already(store)
    assert "Aller à mes contrats" in plain(alice.get(link).text)
    assert [alice.get(each).status_code for each in (cut, cut_too, f"{link}x", stop.replace("arreter/", ""))] == [
        404
    ] * 4
    assert alice.get(stop).status_code == 200
    assert not _is_stopped(store)  # looking changes nothing
    assert browser().client.post(stop).status_code == 200  # a mail program, with no form of ours (RFC 8058)
    assert _is_stopped(store)
    assert "plus personne ne vous invite" in plain(alice.get(stop).text)


def test_who_has_an_sms_alone_gets_no_more_by_the_page_that_it_leads_to(
    office: Office, store: Store, browser: Callable[[], Browser], clock: Clock
) -> None:
    """An SMS has room for one link; the mail that has two leads to the same page."""
    office.pipeline.work_feed(office.drop([ubl("K-1")], name="une.xml"), clock())
    _, (_, link, _, _) = run_a_campaign(store, office.lumiere.id, clock())
    bob = browser()

    way = re.search(r'href="(/invitation/arreter/[^"]+)"', bob.get(link).text)

    assert way is not None
    assert "d’aucun émetteur" in plain(bob.get(way[1]).text)
    assert not _is_stopped(store)
    assert "plus personne ne vous invite" in plain(bob.post(f"{way[1]}?page=1").text)
    assert _is_stopped(store)


def _follows_already(store: Store) -> None:
    """The invitation went to a holder of the account."""
    with store.writing() as session:
        holder = Consumer(email="alice@example.org", name="Alice", password_hash="", signed_up_at=_row(store).chosen_at)
        session.add(holder)
        session.flush()
        session.execute(update(CampaignInvitation).values(consumer_id=holder.id))


def _row(store: Store) -> CampaignInvitation:
    with store.reading() as session:
        return session.scalars(select(CampaignInvitation).where(CampaignInvitation.state == "sent")).one()


def _is_stopped(store: Store) -> bool:
    account_id = _row(store).account_id
    with store.reading() as session:
        return account_id in stopped_accounts(session, [account_id])
