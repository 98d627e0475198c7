"""What can be wrong with a place outside: its address, its credentials, what is there."""

from __future__ import annotations

from friction.i18n.language import N_

PLACES = (
    N_("no source is called {name}"),
    N_("declare it as [sources.NAME] in friction.toml"),
    N_("{word} is no kind of place that can be read"),
    N_("the address names no bucket"),
    N_("write it like s3://bucket/folder/events.csv"),
    N_("a bucket holds no tables of a database, so {name} means nothing there"),
    N_("name the folder of the objects"),
    N_("table and query exclude each other"),
    N_("the address holds a password, which others on this machine could read"),
    N_(
        "leave it out and give it as PGPASSWORD, ~/.pgpass, AWS_SECRET_ACCESS_KEY, ~/.aws/credentials or a file of "
        "a source"
    ),
    N_("the file with the credentials cannot be read"),
    N_("check its name and who may read it"),
    N_("the file with the credentials has a line that is not NAME=value"),
    N_("write one variable a line"),
    N_("buckets are read by a package that is not installed"),
    N_("{package} is needed for this place and not installed"),
    N_("the object changed while it was fetched"),
    N_("run this again"),
    N_("there is nothing at this place"),
    N_("check the address"),
    N_("the place does not let us in with these credentials"),
    N_("check the key or password and what it may read"),
    N_("the place cannot be reached"),
    N_("check the address or endpoint, the network and TLS"),
    N_("there is no such bucket"),
    N_("check its name and the endpoint"),
    N_("there are no credentials for this place"),
    N_(
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE; for a public bucket AWS_SKIP_SIGNATURE=true"
    ),
    N_("the database has no such table or column, or not for this user"),
    N_("check its name and schema, as in table=schema.name"),
    N_("the query would change something"),
    N_("give a SELECT"),
    N_("the database does not understand the query"),
    N_("try it there first"),
    N_("there is no such SQLite database"),
    N_("check the path"),
    N_("{address} begins at the root"),
    N_("there is no such database or user"),
    N_("the database gave up on the query (state {state})"),
    N_("the address names a database and no table of it"),
    N_("name one as table=NAME; there are: {words}"),
    N_("the table cannot be read ({name}): its log is damaged or uses what is not known here"),
    N_("write it anew or export it as Parquet"),
    N_("the log of the table names files that do not lie in its folder"),
    N_("copy the table with its files into one folder"),
)
