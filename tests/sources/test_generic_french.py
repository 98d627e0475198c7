"""The generic source on tables that were exported in French."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.generic import column, reading


def test_a_french_table_is_read_as_it_is_exported(tmp_path: Path) -> None:
    content = (
        "Horodatage;Identifiant de session;Visiteur;Événement;Page;Élément;Appareil;Navigateur;Pays;"
        "Durée (s);Temps de chargement en secondes;Montant;Message d’erreur\r\n"
        "31/03/2026 10:00:00;s1;v1;Page vue;/panier;;mobile;Firefox;France;12;1,5;;\r\n"
        "31/03/2026 10:00:05;s1;v1;Achat;/panier;button#payer;mobile;Firefox;France;;;59,90;Oups\r\n"
    )

    found = reading(tmp_path, content.encode("cp1252"))

    assert [c.ours for c in found.columns] == [
        *("ts", "session_id", "visitor_id", "kind", "url", "target", "device", "browser", "country"),
        *("duration_ms", "load_ms", "value", "error_message"),
    ]
    assert column(found, "kind") == ["page_view", "conversion"]
    assert column(found, "load_ms") == [1_500.0, None]
    assert column(found, "value") == [None, 59.9]


@pytest.mark.parametrize(
    "name", ["Événement", "évènement", "EVENEMENT", "E\N{COMBINING ACUTE ACCENT}vénement", "nom_evenement"]
)
def test_accents_are_written_or_not(tmp_path: Path, name: str) -> None:
    found = reading(tmp_path, f"session_id,ts,{name}\na,2026-01-01T00:00:00,clic\n")

    assert column(found, "kind") == ["click"]


def test_a_truth_may_be_said_in_french(tmp_path: Path) -> None:
    content = "session_id,ts,page,is_bot\na,2026-01-01T00:00:00,/p,Oui\nb,2026-01-01T00:00:00,/p,non\n"

    assert column(reading(tmp_path, content), "is_bot") == [True, False]


@pytest.mark.parametrize(
    ("values", "read"),
    [
        (("59,90", "5"), [59.9, 5.0]),
        (("59,90", "1 234,50"), [59.9, 1_234.5]),
        (("1,234", "5"), [None, 5.0]),
        (("59,90", "1,234"), [59.9, None]),
        (("59.90", "5,5"), [59.9, None]),
    ],
)
def test_money_has_a_decimal_comma_where_nothing_speaks_against_it(
    tmp_path: Path, values: tuple[str, str], read: list[float | None]
) -> None:
    lines = "".join(f"a;2026-01-01T00:00:00;purchase;{value}\n" for value in values)

    assert column(reading(tmp_path, "session_id;ts;event;value\n" + lines), "value") == read
