"""Real servers on this machine: one that speaks the protocol of S3, one PostgreSQL; and the same rows everywhere."""

from __future__ import annotations

import logging
import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as postgresql
import polars as pl
import pytest
from deltalake import write_deltalake
from moto.server import ThreadedMotoServer
from obstore.store import S3Store
from pyiceberg.catalog.memory import InMemoryCatalog

from friction import isolate
from tests.api.real import address, postgres
from tests.cli.conftest import friction
from tests.places.rows import events

__all__ = ["friction"]

KEY, SECRET = "AKIAEXAMPLE", "not-to-be-shown-anywhere"
HALF = 150
"""Rows of the first of two parts."""


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """The address of a server of buckets, with the bucket `shop` in it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    urllib.request.urlopen(urllib.request.Request(f"{address}/shop", method="PUT")).close()
    yield address
    server.stop()


@pytest.fixture
def credentials(endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The environment of somebody who may read the bucket, and of nobody else."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "PG"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)


@pytest.fixture(scope="session")
def bucket(endpoint: str) -> Any:
    """The bucket, to put things into."""
    return S3Store(
        "shop",
        endpoint=endpoint,
        access_key_id=KEY,
        secret_access_key=SECRET,
        region="us-east-1",
        client_options={"allow_http": True},
    )


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """The address of a PostgreSQL with the table `web.events`."""
    with postgres() as server:
        uri = address(server, "places")
        with postgresql.connect(uri) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA web")
            cursor.adbc_ingest("events", events().to_arrow(), db_schema_name="web")
            connection.commit()
        yield uri


@pytest.fixture(scope="session")
def delta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of Delta, in parts by device and written in several goes, of which one is taken back."""
    root = tmp_path_factory.mktemp("delta") / "events"
    rows = events()
    write_deltalake(root, rows.head(20), partition_by=["device"])
    write_deltalake(root, rows.head(HALF), mode="overwrite", partition_by=["device"])
    write_deltalake(root, rows.tail(rows.height - HALF), mode="append", partition_by=["device"])
    return root


@pytest.fixture(scope="session")
def iceberg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of Iceberg with a snapshot before the last, of which rows are deleted."""
    home = tmp_path_factory.mktemp("iceberg")
    catalog = InMemoryCatalog("tests", warehouse=f"file://{home}")
    catalog.create_namespace("web")
    rows = events().cast({pl.Int16(): pl.Int32()}).to_arrow()
    more = rows.slice(0, 5).set_column(rows.schema.get_field_index("device"), "device", [["rubbish"] * 5])
    table = catalog.create_table("web.events", schema=rows.schema)
    for part in (rows.slice(0, HALF), rows.slice(HALF), more):
        table.append(part)
    table.delete("device = 'rubbish'")
    return Path(table.location().removeprefix("file://"))


@pytest.fixture
def workspace() -> Iterator[Path]:
    """Where a run keeps what it fetches."""
    with isolate.workspace() as folder:
        yield folder
