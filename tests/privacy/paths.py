"""Ordinary paths, as shops, magazines, help pages and applications have them: none of them names a person."""

from __future__ import annotations

import random
from collections.abc import Iterator

THINGS = (
    "leather boots running shoes oak table dining chair linen shirt wool coat rain jacket water bottle coffee maker"
    " phone case usb cable garden hose tooth brush face cream board game picture frame chaussures cuir lampe bureau"
    " canapé angle tisch eiche stuhl regenjacke samsung galaxy iphone pro max macbook air playstation"
).split()
TOPICS = (
    "getting started release notes how to return an item shipping costs privacy policy terms of use about us our story"
    " press careers engineering blog five tips for better sleep guide des tailles livraison gratuite mentions legales"
    " conditions generales de vente versand und rückgabe impressum datenschutz haeufige fragen"
).split()
SECTIONS = (
    "product products p item category c collections shop blog news help docs support account orders cart checkout"
    " search brand marques produit categorie aide artikel kategorie api v1 v2 en fr de en-us fr-fr settings users"
    " admin dashboard reports projects tickets wiki downloads images static media"
).split()
ENDINGS = ("", ".html", ".php", ".aspx", ".jpg", ".pdf")


def ordinary(count: int, seed: int) -> Iterator[str]:
    """So many paths of ten shapes in turn."""
    chance = random.Random(seed)
    for number in range(count):
        yield SHAPES[number % len(SHAPES)](chance)


def _slug(chance: random.Random, words: list[str], most: int = 6) -> str:
    return chance.choice("---_").join(chance.choices(words, k=chance.randint(1, most)))


def _section(chance: random.Random) -> str:
    return chance.choice(SECTIONS)


SHAPES = (
    lambda chance: f"/{_section(chance)}/{_slug(chance, THINGS)}{chance.choice(ENDINGS)}",
    lambda chance: f"/{_section(chance)}/{chance.randrange(1, 10 ** chance.randint(1, 10))}",
    lambda chance: f"/{_section(chance)}/{_slug(chance, THINGS, 4)}-{chance.randrange(1, 10**6)}",
    lambda chance: f"/blog/{chance.randint(2008, 2026)}/{chance.randint(1, 12):02}/{_slug(chance, TOPICS)}",
    lambda chance: f"/{chance.choice(('en', 'fr', 'de-de'))}/{_section(chance)}/{_slug(chance, TOPICS, 8)}",
    lambda chance: (
        f"/{_section(chance)}/{_section(chance)}/{_slug(chance, THINGS, 2)}?page={chance.randint(1, 99)}"
    ),
    lambda chance: f"/dp/B0{''.join(chance.choices('ABCDEFGHJKLMNPQRSTUVWXYZ0123456789', k=8))}",
    lambda chance: (
        f"/docs/{chance.randint(1, 9)}.{chance.randint(0, 30)}.{chance.randint(0, 9)}/{_slug(chance, TOPICS, 3)}"
    ),
    lambda chance: "/" + "".join(word.title() for word in chance.choices(THINGS, k=chance.randint(1, 4))),
    lambda chance: f"/{_section(chance)}/{_slug(chance, THINGS)}/p-{chance.randrange(10**3, 10**7)}.html",
)
