"""What columns are called in French, as `friction.sources.aliases` lists it in English: behind it, so that nothing
English is read otherwise. Written with accents; they are compared without.

Words that mean something else as often are left out: `client` (a person or a program), `adresse` (of a page or of a
house), `emplacement`, `version`.
"""

from __future__ import annotations

ALIASES: dict[str, tuple[str, ...]] = {
    "ts": (
        *("horodatage", "horodateur", "date et heure", "date heure", "heure", "date de création", "créé le"),
        *("date de l’événement", "date événement", "heure de l’événement", "heure événement"),
    ),
    "session_id": (
        *("identifiant de session", "identifiant session", "id de session", "id session", "visite"),
        *("identifiant de la session", "id de la session", "numéro de session", "n° de session"),
        *("identifiant de visite", "identifiant visite", "id de visite", "id visite", "numéro de visite"),
    ),
    "visitor_id": (
        *("visiteur", "identifiant de visiteur", "identifiant visiteur", "id de visiteur", "id visiteur"),
        *("identifiant du visiteur", "id du visiteur", "internaute", "id client", "identifiant client"),
        *("identifiant de l’appareil", "identifiant appareil", "id appareil"),
    ),
    "user_id": (
        *("utilisateur", "identifiant utilisateur", "identifiant d’utilisateur", "id utilisateur"),
        *("identifiant de l’utilisateur", "id de l’utilisateur", "numéro de client", "numéro client"),
    ),
    "email_hash": ("courriel", "adresse e-mail", "adresse électronique", "adresse mail", "mail"),
    "kind": (
        *("événement", "nom de l’événement", "nom d’événement", "nom événement", "type d’événement"),
        *("type de l’événement", "type événement", "activité"),
    ),
    "url": (
        *("url de la page", "url page", "adresse de la page", "adresse page", "page vue", "page visitée"),
        *("page consultée", "chemin de la page", "chemin", "écran", "nom de l’écran"),
    ),
    "title": ("titre de la page", "titre page", "titre"),
    "referrer": ("référent", "url référente", "page référente", "page précédente", "url précédente"),
    "target": ("sélecteur", "sélecteur css", "élément", "cible", "identifiant de l’élément", "id élément"),
    "el_text": ("texte", "libellé", "texte de l’élément", "texte du bouton", "libellé du bouton"),
    "x": ("position x", "coordonnée x"),
    "y": ("position y", "coordonnée y"),
    "scroll_pct": ("défilement", "profondeur de défilement", "pourcentage de défilement"),
    "duration_ms": (
        *("durée", "temps passé", "temps passé sur la page", "temps sur la page", "durée sur la page"),
        *("temps d’engagement", "durée d’engagement"),
    ),
    "load_ms": (
        *("temps de chargement", "temps de chargement de la page", "durée de chargement", "chargement"),
        *("temps de réponse", "latence"),
    ),
    "http_status": (
        *("statut", "statut http", "code de statut", "code statut", "code http"),
        *("code de réponse", "code réponse"),
    ),
    "error_message": ("erreur", "message d’erreur"),
    "form": ("formulaire", "nom du formulaire", "identifiant du formulaire", "id formulaire"),
    "field": ("champ", "nom du champ", "nom champ"),
    "goal": ("objectif",),
    "value": ("valeur", "montant", "prix", "revenu", "chiffre d’affaires"),
    "device": ("appareil", "type d’appareil", "type appareil", "catégorie d’appareil", "terminal"),
    "browser": ("navigateur",),
    "os": ("système d’exploitation",),
    "country": ("pays",),
    "lang": ("langue",),
    "channel": ("canal", "canal d’acquisition", "source de trafic"),
    "medium": ("support",),
    "campaign": ("campagne",),
    "variant": ("variante",),
    "release": ("version de l’application", "version application"),
    "returning": ("visiteur connu", "déjà venu"),
}
"""Ours → theirs, in the order in which ours choose."""

ITEMS = ("article", "id article", "produit", "id produit", "identifiant produit", "référence produit")
ORDERS = ("commande", "id commande", "numéro de commande", "identifiant de commande", "achat")
