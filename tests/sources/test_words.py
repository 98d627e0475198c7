"""Event words of many plans become our kinds."""

from __future__ import annotations

import polars as pl
import pytest

from friction.schema import KINDS
from friction.sources.words import kind_of, kinds, nav_kind_of


@pytest.mark.parametrize("kind", KINDS)
def test_our_own_words_are_themselves(kind: str) -> None:
    assert kind_of(kind) == kind


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("clicks Click button_click buttonClicked tap press", "click"),
        ("pageview PageView view viewed_product visit screen pageViewed view_cart", "page_view"),
        ("Scroll scrolled scroll_depth page_scroll", "scroll"),
        ("typing field_change keypress", "input"),
        ("FormSubmit form-submitted", "submit"),
        ("exception js_error payment_failed", "error"),
        ("addtocart add-to-cart carts AddedToBasket", "add_to_cart"),
        ("purchase orders transaction OrderCompleted checkout_complete", "conversion"),
        ("dom_change mutation", "mutation"),
        ("keyup keydown", "keydown"),
        ("site-search searched", "search"),
        ("back return", "route_change"),
        ("Clic clics Cliqué clic_bouton CliqueSurBouton", "click"),
        ("Vue vue_produit PageVue Visite affichage_fiche Écran", "page_view"),
        ("Défilement défilement_page", "scroll"),
        ("Saisie saisie_champ", "input"),
        ("Envoi envoi-formulaire formulaire_envoyé Soumission", "submit"),
        ("Erreur erreurs Échec paiement_échoué", "error"),
        ("Panier ajout-au-panier AjoutéAuPanier", "add_to_cart"),
        ("Achat commande CommandeValidée paiement_confirmé Ventes", "conversion"),
        ("Recherche recherches", "search"),
        ("Téléchargement", "download"),
        ("Retour", "route_change"),
        ("connexion retiré_du_panier début_commande consultation validation", "custom"),
        ("login playback stopwatch_x removed_cart_item", "custom"),
    ],
)
def test_words_of_tracking_plans_are_understood(words: str, kind: str) -> None:
    found = {word: kind_of(word) for word in words.split()}

    assert found == dict.fromkeys(found, kind)


def test_going_back_is_told() -> None:
    assert [nav_kind_of(word) for word in ("back", "Retour", "click")] == ["back_forward"] * 2 + [None]


def test_words_outside_the_sample_are_understood_too() -> None:
    frame = pl.DataFrame({"w": ["tap", "view", None, "gone_fishing", "tap"]})

    found = frame.select(kinds(pl.col("w"), pl.Series(["tap"])))["w"]

    assert found.to_list() == ["click", "page_view", None, "custom", "click"]
