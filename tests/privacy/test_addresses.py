"""What an address may keep."""

from __future__ import annotations

import random
import string
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.privacy.addresses import MAX_LENGTH, mask_address
from friction.privacy.tokens import is_random, placeholder

CASES = {
    "https://Shop.example.com/Product/12?ref=grid&pos=3#top": "https://shop.example.com/Product/12?ref&pos",
    "https://anna:secret@example.com/a": "https://example.com/a",
    "/user/anna%40example.com/edit": "/user/:email/edit",
    "/user/%2561nna%2540example.com": "/user/:email",
    "/u/anna@example.com;v=1": "/u/:email",
    "/reset/Ab3dE9?token=abc&utm_source=news": "/reset/:token?token&utm_source=news",
    "/reset/done": "/reset/done",
    "/a?utm_term=anna@example.com": "/a?utm_term=:email",
    "/order/0f8fad5b-d9cb-469f-a165-70867728950e/status": "/order/:token/status",
    "/s/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc": "/s/:token",
    "/k/4111111111111111": "/k/:number",
    "/k/DE89370400440532013000": "/k/:number",
    "/call/+49 171 1234567": "/call/:number",
    "/from/203.0.113.7": "/from/:ip",
    "/cart;jsessionid=A1B2C3?step=2": "/cart?step=2",
    "/session=abc/next": "/:token/next",
    "/cartref=anna/next": "/cartref/next",
    "/cart&ref=anna&utm_source=news": "/cart&ref&utm_source=news",
    "/2024-sale%3Fref=anna": "/2024-sale&ref",
    "/cart%253Fref%253Danna%2526page%253D2": "/cart&ref&page=2",
    "/color=red/size=42/page=2": "/color/size/page=2",
    "/a&b": "/a&b",
    "/=/=x": "/:text/:text",
    "/app#/cart?token=x": "/app#/cart?token",
    "/#!/market": "/#!/market",
    "/#access_token=abc": "/",
    "/search?q=red+shoes&sort=price&page=3": "/search?q=:text&sort=price&page=3",
    "/search?q=4711": "/search?q=:number",
    "/search?query=anna%40example.com": "/search?query=:email",
    "/x?anna@example.com": "/x?:email",
    "/x?a=1&a=2&b": "/x?a&b",
    "mailto:anna@example.com": "mailto::email",
    "tel:+491711234567": "tel::number",
    "data:text/html,anna": "data:",
    "file:///home/anna/page.html": "file:",
    "about:blank": "about:blank",
    "https://name=anna/cart": "https://:text/cart",
    "https://shop.example:8080/cart": "https://shop.example:8080/cart",
    "https://[2001:db8::1]:8080/cart": "https://[2001:db8::1]:8080/cart",
    "https:anna": "https:",
    "Home Screen": "Home Screen",
    "  /cart\t": "/cart",
    "": "",
}


@pytest.mark.parametrize(("url", "kept"), CASES.items())
def test_an_address_keeps_where_and_loses_who(url: str, kept: str) -> None:
    assert mask_address(url) == kept


ORDINARY = """
    / /cart /checkout/payment /product/10234567 /docs/1.2.3/guide /docs/v2/getting-started
    /blog/2025/07/14/a-post-about /images/banner_2009.png /c/shoes_women-42 /place/@48.85,2.35,12z
    /p/samsung-galaxy-s21-ultra-5g-128gb-phantom-black /dp/B08N5WRWNW /watch/dQw4w9WgXcQ /confirm
    /GettingStartedWithPython3 /caf%C3%A9/entr%C3%A9es /item/978-3-16-148410-0 /verification/done /@anna
    /en-us/help/article/360001234567 /AbstractFactoryBeanProvider
"""


@pytest.mark.parametrize("path", ORDINARY.split())
def test_an_ordinary_path_stays_as_it_is(path: str) -> None:
    assert mask_address(path) == path


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask_address(text)

    assert mask_address(once) == once


PIECES = """
    / // ? & = # #/ #!/ ; % %40 %3F %2526 %3d utm_source= 4-
    @ : . - _ + cart reset token q page a1 anna@example.com https://
    user:pw@ :email
"""
pieces = st.sampled_from(PIECES.split())


@given(st.lists(pieces, max_size=12).map("".join))
def test_masking_pieces_of_addresses_twice_is_masking_once(text: str) -> None:
    once = mask_address(text)

    assert mask_address(once) == once


secrets = st.one_of(
    st.from_regex(r"[a-z]{3,9}\.[a-z]{3,9}@[a-z]{4,9}\.(com|fr|co\.uk)", fullmatch=True),
    st.from_regex(r"[0-9a-f]{8}a1-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}", fullmatch=True),
    st.from_regex(r"[0-9a-f]{15}a[0-9a-f]{15}1", fullmatch=True),
    st.from_regex(r"eyJ[A-Za-z0-9]{20}\.eyJ[A-Za-z0-9]{20}\.[A-Za-z0-9_-]{20}", fullmatch=True),
    st.from_regex(r"(sk_live_|ghp_|glpat-)[A-Za-z]{3}[0-9][A-Za-z0-9]{16}", fullmatch=True),
)
PLACES = """
    /{} /user/{}/edit https://example.com/a/{}?x=1 /a?email={} /a?{} /a?utm_term={} /a?q={} /a?page={}
    /token={} /app#/reset/{} /app#/reset?token={} /a#{} https://{}@example.com/ /a;session={} mailto:{} {}
    x-{}-y //example.com/{}
"""
places = st.sampled_from(PLACES.split())


@given(secrets, places, st.booleans())
def test_a_planted_secret_never_survives(secret: str, place: str, escaped: bool) -> None:
    kept = mask_address(place.format(quote(secret, safe="") if escaped else secret))

    assert secret not in kept
    assert quote(secret, safe="") not in kept


BASE62 = string.ascii_letters + string.digits


@pytest.mark.parametrize(
    ("alphabet", "length"),
    [("0123456789abcdef", 16), (BASE62, 20), (BASE62[:26] + "012345", 16), (BASE62[26:52] + "234567", 26)],
)
def test_of_random_strings_ninety_nine_in_a_hundred_are_found(alphabet: str, length: int) -> None:
    dice = random.Random(11)
    found = [placeholder("".join(dice.choices(alphabet, k=length))) for _ in range(4_000)]

    assert found.count(None) < 40


def test_camel_case_is_no_secret() -> None:
    assert not is_random("GettingStartedWithPython3AndPolars")


def test_a_long_address_is_cut_before_the_piece_that_would_be_torn() -> None:
    assert mask_address("/a/" + "b" * MAX_LENGTH) == "/a"
    assert mask_address("b" * (MAX_LENGTH + 1)) == ":token"
