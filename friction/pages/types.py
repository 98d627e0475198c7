"""What kind of page a template is, by the words of its path, English and French.

The first word with a type decides (`/help/article/:id` is help), except that a cart, a checkout and a
search are what they are at the end of a path too (`/checkout/cart` is a cart), unless it lies under help
or content. A word for products is a list when nothing follows it. Unknown paths have no type: guessing
one would be worse.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from friction.privacy.tokens import words
from friction.schema import PAGE_TYPES

TYPES = PAGE_TYPES

VOCABULARY: Mapping[str, frozenset[str]] = {
    "home": words("home homepage accueil start"),
    "list": words(
        "category categories cat collection collections catalog catalogue shop store boutique magasin"
        " categorie rayon rayons brand brands marque marques browse deals sale offers soldes promo"
        " promotions nouveautes new-arrivals bestsellers department gamme gammes tag tags"
    ),
    "product": words(
        "product products produit produits item items p dp pdp sku listing listings bundle bundles"
        " article-detail"
    ),
    "search": words("search searchresults search-results recherche recherches rechercher resultats find"),
    "cart": words("cart basket bag panier shopping-cart shopping-bag shoppingcart mon-panier mini-cart"),
    "checkout": words(
        "checkout check-out payment pay paiement payer shipping delivery livraison caisse billing"
        " facturation onepage purchase buy order-confirmation order-received order-complete confirmation-"
        " commande thank-you thankyou thanks merci commande commander passer-commande kasse"
    ),
    "account": words(
        "account accounts my-account myaccount login log-in signin sign-in signup sign-up register"
        " registration logout profile profiles settings preferences orders order my-orders wishlist"
        " favorites favourites password forgot-password reset-password user users member members"
        " dashboard me subscription subscriptions compte mon-compte connexion deconnexion inscription"
        " profil commandes mes-commandes favoris parametres mot-de-passe mot-de-passe-oublie abonnement"
        " session"
    ),
    "help": words(
        "help faq faqs support contact contact-us contactus docs doc documentation help-center"
        " helpcenter hc kb knowledge-base guide guides returns ticket tickets stores store-locator aide"
        " assistance centre-aide centre-d-aide nous-contacter service-client retours foire-aux-questions"
        " magasins"
    ),
    "content": words(
        "blog blogs news article articles story stories press magazine journal post posts about about-us"
        " aboutus careers jobs pricing plans terms privacy legal imprint cookies conditions newsletter"
        " a-propos qui-sommes-nous actualites actualite presse recrutement tarifs mentions-legales cgv"
        " cgu confidentialite recettes recipes"
    ),
    "error": words(
        "not-found notfound page-not-found error-404 404-error error404 404-not-found error-500 error500"
        " page-introuvable introuvable erreur-404 erreur404 erreur-500"
    ),
}
"""Words of paths by page type, without accents, with hyphens; a word of two types has the first."""

KNOWN: frozenset[str] = frozenset().union(*VOCABULARY.values()) | words(
    "new edit create delete add remove update view all page pages list index api admin app status"
    " success done error cancel confirm confirmation review reviews details detail info step address"
    " summary complete latest archive feed download downloads upload share print"
)
"""Words that every site uses: never the name of one thing among many."""

_PLURALS = words("products produits items listings bundles")
_TYPE_OF = {word: kind for kind in reversed(TYPES) for word in VOCABULARY[kind]}
_AT_THE_END = frozenset({"cart", "checkout", "search"})


def type_of(segments: Sequence[str], host: str = "") -> str | None:
    """The type of a page with these template segments, or null when its words do not say."""
    asked = [segment for segment in segments if segment not in {":locale", "#"}]
    if not asked and not host:
        return "home"
    found = [(at, kind) for at, segment in enumerate(asked) if (kind := _TYPE_OF.get(folded(segment)))]
    first = found[0][1] if found else _TYPE_OF.get(host.partition(".")[0])
    if first in {"list", "product"}:
        return _shop_type(asked, found)
    if found and first not in {"help", "content"} and found[-1][1] in _AT_THE_END:
        return found[-1][1]
    return first


def _shop_type(asked: Sequence[str], found: Sequence[tuple[int, str]]) -> str:
    """Lists lead to products: the last word decides, a plural only if something follows it."""
    for at, kind in reversed(found):
        if kind in _AT_THE_END:
            return kind
        if kind == "product":
            return "list" if at == len(asked) - 1 and folded(asked[at]) in _PLURALS else "product"
    return "list"


def folded(segment: str) -> str:
    """The segment as words are compared: no accents, hyphens for underscores and blanks."""
    if not segment.isascii():
        marks = unicodedata.normalize("NFKD", segment)
        segment = "".join(sign for sign in marks if not unicodedata.combining(sign))
    return segment.lower().replace("_", "-").replace(" ", "-")
