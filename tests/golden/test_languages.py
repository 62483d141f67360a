"""HubSpot exports in other languages are the same exports: only their labels differ."""

import pytest

from core.crm.recipe_files import known_recipes
from core.workspace import Workspace
from tests.exports import load

GERMAN = """\
Datensatz-ID;Deal-Name;Deal-Phase;Betrag;Währung;Abschlussdatum;Erstellungsdatum;Deal-Inhaber;\
Ursprüngliche Traffic-Quelle;Eingetreten am „Qualifiziert (Vertrieb)“
1;A;Abgeschlossen und gewonnen;1.234,50;EUR;2025-03-04;2025-01-02;Ana;Bezahlte Suche;2025-01-10
2;B;Angebot;99;EUR;2025-12-04;2025-01-02;Ana;Direkter Traffic;
"""
FRENCH = """\
ID de la fiche d'informations,Nom de la transaction,Phase de la transaction,Montant,Devise,\
Date de fermeture,Date de création,Propriétaire de la transaction
1,A,Fermé gagné,10.50,EUR,2025-03-04,2025-01-02,Ana
2,B,Fermé perdu,99,EUR,2025-12-04,2025-01-02,Ana
"""
SPANISH = """\
ID de registro,Nombre del negocio,Etapa del negocio,Importe,Moneda,Fecha de cierre,\
Fecha de creación,Propietario del negocio
1,A,Cierre ganado,10.50,EUR,2025-03-04,2025-01-02,Ana
2,B,Demo,99,EUR,2025-12-04,2025-01-02,Ana
"""
JAPANESE = """\
レコードID,取引名,取引ステージ,金額,通貨,クローズ日,作成日,成約済み,取引はクローズ済みか
1,A,成約,100,JPY,2025-03-04,2025-01-02,はい,はい
2,B,失注,100,JPY,2025-03-04,2025-01-02,いいえ,はい
3,C,商談,100,JPY,2025-03-04,2025-01-02,いいえ,いいえ
"""
CONTACTS = """\
ID do registro,E-mail,Data de criação,Fonte de tráfego original,Hora da primeira visita
7,a@example.com,2025-01-02,Pesquisa paga,2025-01-01 10:00
"""


@pytest.fixture
def workspace():
    with Workspace.in_memory() as made:
        yield made


@pytest.mark.parametrize(
    ("export", "source", "outcomes"),
    [
        (GERMAN, "hubspot/deals_by_stage/german", ["won", "open"]),
        (FRENCH, "hubspot/deals_by_stage/french", ["won", "lost"]),
        (SPANISH, "hubspot/deals_by_stage/spanish", ["won", "open"]),
        (JAPANESE, "hubspot/deals/japanese", ["won", "lost", "open"]),
    ],
)
def test_deals_in_another_language_are_recognised_with_their_outcome(
    workspace, export, source, outcomes
):
    receipt = load(workspace, export.encode())

    assert (receipt.source, receipt.rejected) == (source, 0)
    facts = workspace.query("SELECT outcome FROM deal_facts ORDER BY deal_id")
    assert facts["outcome"].to_list() == outcomes


def test_stage_dates_in_another_language_become_stage_changes(workspace):
    load(workspace, GERMAN.encode())

    changes = workspace.query("SELECT deal_id, stage FROM stage_changes").rows()
    assert changes == [("1", "Qualifiziert")]


def test_sources_in_another_language_become_channels(workspace):
    load(workspace, CONTACTS.encode())

    assert workspace.query("SELECT channel FROM touchpoints").rows() == [("Paid search",)]


def test_an_english_export_stays_english(workspace):
    export = "Record ID,Email,Create Date\n7,a@example.com,2025-01-02\n"

    assert load(workspace, export.encode()).source == "hubspot/contacts"


def test_every_language_has_every_labelled_recipe():
    names = [recipe.name for recipe in known_recipes() if recipe.name.startswith("hubspot/")]
    labelled = {"companies", "contacts", "deals", "deals_by_stage", "activities"}
    languages = {"german", "french", "spanish", "portuguese", "italian", "dutch", "japanese"}
    expected = {f"hubspot/{recipe}/{language}" for recipe in labelled for language in languages}

    assert expected <= set(names)
