"""What can be wrong with a backup or its way back."""

from __future__ import annotations

from friction.i18n.language import N_

KEEPING = (
    N_("there is no service of this version in the data folder or database"),
    N_("check --data-dir and --database; after an upgrade start the service once"),
    N_("the data folder or the database holds something already"),
    N_("choose an empty folder with --data-dir and an empty database with --database"),
    N_("the backup was taken by a later version of friction"),
    N_("install that version"),
    N_("this is no backup of friction, or it is damaged"),
    N_("take another one"),
)
