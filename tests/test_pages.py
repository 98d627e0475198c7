"""From addresses to pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.pages import PageRules, mine, sample


def pages(*addresses: str, **rules: object) -> list[str]:
    return mine(addresses, [1] * len(addresses), PageRules(**rules)).templates  # type: ignore[arg-type]


ALONE = {
    "https://shop.example.com/product/10234567?ref=grid&pos=3#top": "/product/:id",
    "/order/0f8fad5b-d9cb-469f-a165-70867728950e/status": "/order/:id/status",
    "/order/:token/status": "/order/:id/status",
    "/user/:email/edit": "/user/:email/edit",
    "/c/9f86d081884c7d65": "/c/:id",
    "/watch/dQw4w9WgXcQ": "/watch/:id",
    "/p/SKU-12345": "/p/:id",
    "/p/red-shoes-48213.html": "/p/:slug",
    "/docs/v2/guide": "/docs/:version/guide",
    "/docs/1.2.3/guide": "/docs/:version/guide",
    "/news/2025-07-14": "/news/:date",
    "/blog/2025/07/14/hello": "/blog/:date/hello",
    "/en-us/cart": "/:locale/cart",
    "/fr/panier": "/fr/panier",
    "/@anna/posts": "/:handle/posts",
    "/a//b/": "/a/b",
    "/shop/index.html": "/shop",
    "/index.php?id=3": "/",
    "/Checkout/Payment.ASPX": "/checkout/payment",
    "/caf%C3%A9/ENTR%C3%89ES": "/café/entrées",
    "/broken%ff/x": "/broken%ff/x",
    "/app#/cart": "/app/#/cart",
    "/app/#!/cart/12?x=1": "/app/#/cart/:id",
    "/#/": "/",
    "": "/",
    "?page=2": "/",
    "cart/payment": "/cart/payment",
    "index.html": "/",
    "Home Screen": "Home Screen",
    "ProductDetail 123": "ProductDetail :id",
    "/item/1517085": "/item/:id",
    "http://localhost:3000/a": "/a",
    "https://anna@WWW.Example.com:443/a": "/a",
    "/" + "a/" * 30: "/" + "a/" * 12 + "*",
    "/" + "and-so-on-" * 12: "/:slug",
}


@pytest.mark.parametrize(("address", "template"), ALONE.items())
def test_an_address_alone_has_a_template(address: str, template: str) -> None:
    assert pages(address) == [template]


def test_the_host_with_most_views_is_left_out_and_others_stand_in_front() -> None:
    found = mine(
        ["https://help.example.com/faq", "https://www.example.com/", "https://pay.example.com:8443", "/cart"],
        [10, 30, 5, 1],
    )

    assert found.main_host == "example.com"
    assert found.templates == ["help.example.com/faq", "/", "pay.example.com:8443/", "/cart"]


def test_a_host_may_stand_without_a_scheme_and_the_user_may_name_the_main_one() -> None:
    found = pages("example.com/a", "shop.example.com/b", main_host="www.shop.example.com")

    assert found == ["example.com/a", "/b"]


SLUGS = [f"{colour}-{thing}" for colour in ("red", "blue", "green", "old", "new") for thing in "abcdefghij"]
CATEGORIES = ["shoes", "hats", "bags", "belts", "socks", "coats", "scarves", "gloves", "rings", "for-men"]


def test_many_slugs_below_one_word_become_one_template() -> None:
    assert set(pages(*(f"/shop/all/{slug}/reviews" for slug in SLUGS))) == {"/shop/all/:slug/reviews"}


def test_a_dozen_names_are_enough_below_a_word_for_things() -> None:
    assert set(pages(*(f"/products/{slug}" for slug in SLUGS[:12]))) == {"/products/:slug"}


def test_a_small_vocabulary_stays() -> None:
    addresses = [f"/category/{name}" for name in CATEGORIES] + ["/checkout/payment", "/checkout/done"]

    assert pages(*addresses) == addresses


def test_fixed_pages_stay_among_slugs_at_the_root() -> None:
    fixed = ["/cart", "/about", "/search", "/sustainability"]
    addresses = fixed + [f"/{slug}" for slug in SLUGS]
    found = mine(addresses, [50] * len(fixed) + [1] * len(SLUGS))

    assert found.templates == fixed + ["/:slug"] * len(SLUGS)


def test_a_section_stays_among_slugs() -> None:
    section = [f"/lexicon/{word}" for word in ("a", "b", "c", "d", "e")]

    assert set(pages(*section, *(f"/{slug}" for slug in SLUGS))) == {*section, "/:slug"}


def test_sections_of_a_blog_are_no_articles() -> None:
    sections = [f"/blog/{name}/{name}-{word}" for name in [*CATEGORIES, "a", "b"] for word in ("x", "y", "z")]

    assert pages(*sections) == sections


def test_people_with_the_same_pages_below_are_names() -> None:
    people = ["anna", "bea", "carl", "dora", "emil", "finn", "gert", "hans", "ida", "jan", "kurt", "lea"]
    addresses = [f"/user/{name}/{page}" for name in people for page in ("posts", "friends")]

    assert set(pages(*addresses)) == {"/user/:slug/posts", "/user/:slug/friends"}


def test_words_that_differ_in_a_number_are_a_family() -> None:
    assert set(pages(*(f"/guide/section-{n}" for n in range(10)))) == {"/guide/:slug"}
    assert pages("/guide/step-1", "/guide/step-2") == ["/guide/step-1", "/guide/step-2"]


def test_ids_and_slugs_at_one_place_are_one_page() -> None:
    found = pages("/product/1", "/product/2", *(f"/product/{slug}" for slug in SLUGS))

    assert set(found) == {"/product/:slug"}


def test_two_language_codes_at_the_top_are_a_locale() -> None:
    assert pages("/fr/cart", "/en/cart", "/it") == ["/:locale/cart", "/:locale/cart", "/:locale"]


def test_a_word_that_begins_like_a_language_is_a_page() -> None:
    assert pages("/it-help", "/no-sale", "/zh-hant") == ["/it-help", "/no-sale", "/:locale"]


def test_years_with_months_are_dates() -> None:
    found = pages("/blog/2025/07", "/blog/2025", "/blog/2024/1/2/x")

    assert found == ["/blog/:date", "/blog/:date", "/blog/:date/x"]


def test_numbers_among_ids_are_ids() -> None:
    assert set(pages(*(f"/item/{n}/12" for n in range(1800, 2100)))) == {"/item/:id/:id"}
    assert set(pages(*(f"/item/{n}" for n in range(1500, 2100)))) == {"/item/:id"}


def test_a_rule_of_the_user_wins_over_everything() -> None:
    templates = ("/Item/:sku", "/wiki/*", "help.example.com/faq/:topic")
    addresses = ("/item/new.html", "/wiki/a/b", "/wiki", "https://help.example.com/faq/x", "/faq/x")

    assert pages(*addresses, templates=templates, main_host="example.com") == [
        *("/Item/:sku", "/wiki/*", "/wiki", "help.example.com/faq/:topic", "/faq/x"),
    ]


def test_a_kept_word_stays() -> None:
    assert pages("/fr/a", "/en/a", "/report/2024", keep=("fr", "2024")) == ["/fr/a", "/en/a", "/report/2024"]


TYPES = {
    "/": "home",
    "/:locale": "home",
    "/accueil": "home",
    "/category/:id/page/:id": "list",
    "/products": "list",
    "/products/:slug": "product",
    "/shop/shoes/product/:id": "product",
    "/produit/:slug": "product",
    "/search": "search",
    "/recherche": "search",
    "/cart": "cart",
    "/checkout/cart": "cart",
    "/mon-panier": "cart",
    "/cart/checkout": "checkout",
    "/checkout/payment": "checkout",
    "/commande/livraison": "checkout",
    "/account/:id/settings": "account",
    "/order/:id/status": "account",
    "/mes-commandes": "account",
    "/help/article/:id": "help",
    "/help/checkout": "help",
    "/centre-aide": "help",
    "help.example.com/": "help",
    "/docs/:version/guide/:slug": "help",
    "/blog/:date/:slug": "content",
    "/actualités": "content",
    "/machines": None,
}


@pytest.mark.parametrize(("template", "kind"), TYPES.items())
def test_a_template_has_the_type_its_words_say(template: str, kind: str | None) -> None:
    found = mine([template], [1], PageRules(main_host="example.com"))

    assert found.templates == [template]
    assert found.types.get(template) == kind


def test_a_type_of_the_user_wins() -> None:
    found = mine(["/cart", "/pay/card", "/"], [1, 1, 1], PageRules(types={"checkout": ("/pay/*", "/cart")}))

    assert found.types == {"/": "home", "/cart": "checkout", "/pay/card": "checkout"}


SEGMENTS = "cart fr en 2024 2025 07 12 7 993 a-b red-shoe x1 :id index.html section-3 # %41 .."
words = st.sampled_from(SEGMENTS.split(" "))
some_addresses = st.lists(st.lists(words, max_size=4).map(lambda parts: "/" + "/".join(parts)), max_size=60)


@given(some_addresses, st.randoms())
def test_the_order_of_addresses_changes_nothing(addresses: list[str], dice: object) -> None:
    shuffled = list(addresses)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    counts = {address: len(address) for address in addresses}
    here = mine(addresses, [counts[address] for address in addresses])
    there = mine(shuffled, [counts[address] for address in shuffled])

    told = sorted(zip(addresses, here.templates, strict=True))

    assert told == sorted(zip(shuffled, there.templates, strict=True))
    assert (here.types, here.main_host) == (there.types, there.main_host)


@given(some_addresses)
def test_templates_of_templates_are_themselves(addresses: list[str]) -> None:
    once = pages(*addresses)

    assert pages(*once) == once


@given(st.lists(st.text(max_size=40), max_size=20))
def test_any_text_has_a_template(addresses: list[str]) -> None:
    assert all(pages(*addresses)) or not addresses


def test_of_too_many_paths_the_same_ones_are_taken_in_any_order() -> None:
    paths = [("", (str(number),)) for number in range(100)]

    assert sample(paths, 10) == sample(paths[::-1], 10)
    assert len(set(sample(paths, 10))) == 10
