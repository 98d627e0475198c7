"""From links to people: accounts and addresses that belong together, then the devices that are theirs alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.identity.links import LINK
from friction.privacy.identities import visitor
from friction.values import dataclass

MOST_ACCOUNTS = 5
"""An address with more accounts than this is a mailbox that several people share."""
PERSON = 1 << 33
"""Numbers of people begin here: below are those of visitors who are joined with nobody."""
MEMBER = pl.Schema({"kind": pl.String(), "word": pl.String(), "person": pl.Int64()})
JUDGED = pl.Schema({**LINK, "why_not": pl.String()})


@dataclass(frozen=True)
class People:
    """Who is who. Ids that are in no link are people of their own and do not stand here."""

    members: pl.DataFrame = field(default_factory=MEMBER.to_frame)
    """`kind, word, person`: ids that belong to somebody. Words of `visitor` and `user` are of one space."""
    shared: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"word": pl.String()}))
    """Devices that several people have used."""
    links: pl.DataFrame = field(default_factory=JUDGED.to_frame)
    """Every link, with why it does not count (`shared_device`, `shared_mailbox`, `apart`), else null."""

    key: str | None = None
    """The key under which ids are compared as hashes, where some came hashed already; null: as they stand."""

    @property
    def is_empty(self) -> bool:
        """Nobody is joined with anybody."""
        return not self.members.height

    def of(self, words: pl.Series) -> pl.Series:
        """The person of each of these ids of visitors or users; null for one in no link."""
        known = self.members.filter(pl.col("kind") != "email").unique("word")
        return _looked_up(compared(words, self.key), known)

    def of_email(self, emails: pl.Series) -> pl.Series:
        """The person of each of these addresses, as they are compared; null for one in no link."""
        return _looked_up(compared(emails, self.key), self.members.filter(pl.col("kind") == "email"))


def _looked_up(words: pl.Series, known: pl.DataFrame) -> pl.Series:
    frame = pl.DataFrame({"word": words.cast(pl.String())})
    return frame.join(known.select("word", "person"), on="word", how="left", maintain_order="left")["person"]


def compared(words: pl.Series, key: str | None) -> pl.Series:
    """Ids as they are compared: with a key all of them hashed, those that are already as they stand."""
    words = words.cast(pl.String())
    if key is None:
        return words
    distinct = words.unique().drop_nulls()
    hashed = pl.Series([visitor(each, key) for each in distinct], dtype=pl.String())
    return words.replace_strict(distinct, hashed, default=None, return_dtype=pl.String())


def stitched(links: pl.DataFrame, apart: Collection[str] = (), key: str | None = None) -> People:
    """The people behind these links (`LINK`), whatever their order; ids of `apart` are joined with nobody."""
    if links.is_empty():
        return People()
    links = links.with_columns(compared(links[name], key).alias(name) for name in ("a", "b"))
    own = pl.col("rule") == "address"
    links = _owned(links.filter((pl.col("a") != pl.col("b")) | own))
    accounts = links.select(word=pl.when(pl.col("b_kind") == "user").then("b")).drop_nulls().unique()
    owners = links.filter((pl.col("a_kind") == "user") | own).select(word="a").unique()
    users = pl.concat([accounts, owners]).unique()["word"].implode()
    # A device whose id is that of an account, or an address, is the account.
    judged = links.with_columns(
        a_kind=pl.when(pl.col("a").is_in(users))
        .then(pl.lit("user"))
        .otherwise(pl.col("a_kind").cast(pl.String)),
        b_kind=pl.col("b_kind").cast(pl.String),
    )
    judged = judged.with_columns(why_not=_apart(apart, key)).with_columns(why_not=_mailboxes())
    firm = judged.filter(pl.col("why_not").is_null() & (pl.col("a_kind") == "user"))
    loose = judged.filter(pl.col("why_not").is_null() & (pl.col("a_kind") == "visitor"))
    nodes = _nodes(firm, loose)
    devices = loose.join(nodes.rename({"kind": "b_kind", "word": "b"}), on=["b_kind", "b"])
    owned = devices.group_by("a").agg(pl.col("person").min(), several=pl.col("person").n_unique() > 1)
    shared = owned.filter("several").select(word="a").sort("word")
    theirs = owned.filter(~pl.col("several")).select(kind=pl.lit("visitor"), word="a", person="person")
    members = pl.concat([nodes, theirs]).sort("person", "kind", "word").cast(MEMBER)
    of_shared = (pl.col("a_kind") == "visitor") & pl.col("a").is_in(shared["word"].implode())
    judged = judged.with_columns(
        why_not=pl.when(pl.col("why_not").is_null() & of_shared)
        .then(pl.lit("shared_device"))
        .otherwise("why_not")
    )
    order = ["a_kind", "a", "b_kind", "b", "rule"]
    return People(members, shared, judged.select(JUDGED.names()).sort(order), key)


def _owned(links: pl.DataFrame) -> pl.DataFrame:
    """The links without those that call a device the address it is named by though it stands with other ids."""
    others = links.filter((pl.col("a_kind") == "visitor") & (pl.col("rule") != "address"))["a"].implode()
    is_device = (pl.col("a_kind") == "visitor") & (pl.col("rule") == "address") & pl.col("a").is_in(others)
    return links.filter(~is_device)


def _apart(apart: Collection[str], key: str | None) -> pl.Expr:
    ids = pl.Series(sorted({*apart, *(each.strip().lower() for each in apart)}), dtype=pl.String())
    ids = compared(ids, key)
    named = pl.col("a").is_in(ids.implode()) | pl.col("b").is_in(ids.implode())
    return pl.when(named).then(pl.lit("apart"))


def _mailboxes() -> pl.Expr:
    """Links of addresses that stand with many accounts; an id that is the address itself is none of these."""
    stands = (pl.col("rule") != "address") & pl.col("why_not").is_null()
    is_account = stands & (pl.col("a_kind") == "user") & (pl.col("b_kind") == "email")
    accounts = pl.when(is_account).then("a").n_unique().over("b_kind", "b") - (~is_account).any().over(
        "b_kind", "b"
    )
    many = stands & (pl.col("b_kind") == "email") & (accounts > MOST_ACCOUNTS)
    return pl.when(many).then(pl.lit("shared_mailbox")).otherwise("why_not")


def _nodes(firm: pl.DataFrame, loose: pl.DataFrame) -> pl.DataFrame:
    """`kind, word, person` of every account and address: those that links between them join have one number."""
    ends = [
        firm.select(kind="a_kind", word="a"),
        firm.select(kind="b_kind", word="b"),
        loose.select(kind="b_kind", word="b"),
    ]
    nodes = pl.concat(ends).unique().sort("word", "kind").with_row_index("node")
    keyed = firm.join(nodes, left_on=["a_kind", "a"], right_on=["kind", "word"]).join(
        nodes, left_on=["b_kind", "b"], right_on=["kind", "word"], suffix="_b"
    )
    labels = components(nodes.height, keyed["node"].to_numpy(), keyed["node_b"].to_numpy())
    return nodes.select("kind", "word", person=pl.Series(labels + PERSON))


def components(nodes: int, a: NDArray[np.uint32], b: NDArray[np.uint32]) -> NDArray[np.int64]:
    """For every node the smallest one that it is connected with by the edges `a`–`b`."""
    label = np.arange(nodes, dtype=np.int64)
    while True:
        low = np.minimum(label[a], label[b])
        after = label.copy()
        np.minimum.at(after, label[a], low)
        np.minimum.at(after, label[b], low)
        after = after[after]
        if np.array_equal(after, label):
            return label
        label = after
