"""Exports of survey tools, help desks and customer systems: recognised by their names, read into their tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from friction.sources import recognise
from friction.sources.base import Options
from friction.sources.voices import VoiceSource

FILES: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "zendesk view": (
        "zendesk",
        "tickets",
        "ID,Requester,Requester id,Requester email,Subject,Status,Priority,Via,Created at,Solved at,"
        "Satisfaction Score\n"
        "17,Ada L,99,Ada@Example.org,Cannot pay,solved,high,Web form,2026-03-02 10:00:00 UTC,"
        "2026-03-03 09:00:00 UTC,Good\n",
        {"ticket_id": "17", "customer_id": "99", "email_hash": "ada@example.org", "satisfied": True},
    ),
    "zendesk users": (
        "zendesk",
        "customers",
        "id,email,role,external_id,organization_id,created_at\n99,a@b.example,end-user,u1,,2026-01-01T00:00:00Z\n",
        {"customer_id": "99", "user_id": "u1", "email_hash": "a@b.example"},
    ),
    "a help desk in French": (
        "tickets",
        "tickets",
        "N° de ticket;Date de création;Objet;Courriel du demandeur;Statut;Canal;Fermé le\n"
        "17;13/03/2026 10:00;Impossible de payer;Ada@Example.org;Ouvert;Formulaire;14/03/2026 11:00\n",
        {"ticket_id": "17", "subject": "Impossible de payer", "email_hash": "ada@example.org", "status": "Ouvert"},
    ),
    "hubspot tickets": (
        "hubspot",
        "tickets",
        "Ticket ID,Ticket name,Pipeline,Ticket status,Create date,Source,Priority,Associated Contact IDs\n"
        "1,Refund,Support,New,2026-03-02 10:00,CHAT,HIGH,55;56\n",
        {"ticket_id": "1", "subject": "Refund", "customer_id": "55", "channel": "CHAT"},
    ),
    "hubspot deals": (
        "hubspot",
        "deals",
        "Record ID,Deal Name,Deal Stage,Amount,Currency,Create Date,Close Date,Associated Contact IDs\n"
        "7,Big one,closedwon,\"1.250,50 €\",EUR,2026-03-01 10:00,2026-03-09 10:00,55\n",
        {"deal_id": "7", "outcome": "won", "amount": 1250.5, "currency": "EUR"},
    ),
    "salesforce cases": (
        "salesforce",
        "tickets",
        "Id,CaseNumber,ContactId,ContactEmail,Subject,Status,Origin,Reason,Priority,CreatedDate,ClosedDate\n"
        "5001,00001026,003A,x@y.example,Help,New,Web,Payment,High,2026-03-02T10:00:00.000+0000,\n",
        {"ticket_id": "00001026", "customer_id": "003A", "email_hash": "x@y.example", "channel": "Web"},
    ),
    "salesforce opportunities": (
        "salesforce",
        "deals",
        "Id,OpportunityName,StageName,Amount,IsClosed,IsWon,CloseDate,CreatedDate,ContactId\n"
        "006,Order,Negotiation,900,true,false,2026-03-20,2026-03-01T00:00:00Z,003A\n",
        {"deal_id": "006", "outcome": "lost", "amount": 900.0},
    ),
    "salesforce contacts": (
        "salesforce",
        "customers",
        "Id,AccountId,LastName,Email,MailingCountry,CreatedDate\n003A,001,Byron,x@y.example,GB,2026-01-01T00:00:00Z\n",
        {"customer_id": "003A", "email_hash": "x@y.example", "country": "GB"},
    ),
    "pipedrive deals": (
        "pipedrive",
        "deals",
        "Deal - ID,Deal - Title,Deal - Value,Deal - Currency,Deal - Status,Deal - Stage,Deal - Deal created,"
        "Person - Email\n"
        "3,Order,450,EUR,Won,Contract,2026-03-02 10:00:00,p@q.example\n",
        {"deal_id": "3", "outcome": "won", "amount": 450.0, "email_hash": "p@q.example"},
    ),
    "pipedrive persons": (
        "pipedrive",
        "customers",
        "Person - ID,Person - Name,Person - Email - Work\n9,Ada,p@q.example\n",
        {"customer_id": "9", "email_hash": "p@q.example"},
    ),
    "delighted": (
        "delighted",
        "feedback",
        "Response ID,Created At,Survey Type,Score,Comment,Person ID,Email,Delighted Page URL\n"
        "1,2026-03-02 10:00:00 UTC,nps,4,Too slow for me,12,a@b.example,https://shop.example/cart\n",
        {"scale": "nps", "score": 4.0, "best": 10.0, "email_hash": "a@b.example", "url": "https://shop.example/cart"},
    ),
    "delighted api": (
        "delighted",
        "feedback",
        '[{"id": "1", "person": "12", "survey_type": "csat", "score": 2, "comment": "no", "permalink": "https://d",'
        ' "created_at": 1772445600, "person_properties": {"Delighted Page URL": "https://shop.example/cart"}}]\n',
        {"scale": "csat", "score": 2.0, "best": 5.0, "customer_id": "12", "url": "https://shop.example/cart"},
    ),
    "wootric": (
        "survey",
        "feedback",
        "id,score,text,origin_url,created_at,email\n"
        "8,3,Nothing works here,https://shop.example/pay,2026-03-02 10:00:00,a@b.example\n"
        "9,10,,https://shop.example/pay,2026-03-02 11:00:00,c@b.example\n",
        {"scale": "nps", "score": 3.0, "comment": "Nothing works here", "url": "https://shop.example/pay"},
    ),
    "own table": (
        "survey",
        "feedback",
        "date,stars,comment,session_id\n2026-03-02T10:00:00Z,2,Where is my order?,s1\n",
        {"scale": "stars", "score": 2.0, "best": 5.0, "session_id": "s1"},
    ),
    "typeform": (
        "typeform",
        "feedback",
        "#,How likely are you to recommend us to a friend?,What should we do better?,"
        "user_id,Start Date (UTC),Submit Date (UTC),Network ID,Tags\n"
        "abc,7,Please make the form shorter,u1,2026-03-02 09:59:00,2026-03-02 10:00:00,n1,\n",
        {"scale": "nps", "score": 7.0, "comment": "Please make the form shorter", "user_id": "u1"},
    ),
    "hotjar survey": (
        "hotjar_survey",
        "feedback",
        "Number,User,Date Submitted,Country,Source URL,Device,Browser,OS,Hotjar User ID,"
        "How satisfied are you with this page?,Tags for: How satisfied are you with this page?,Why is that so?,plan\n"
        "1,u,2026-03-02 10:00:00,France,https://shop.example/cart,desktop,Chrome,Linux,1a2b3c4d,"
        "2,,The button does nothing,gold\n",
        {"scale": "csat", "score": 2.0, "visitor_id": "1a2b3c4d", "comment": "The button does nothing"},
    ),
    "help desk": (
        "tickets",
        "tickets",
        "ticket_id,created_at,subject,email,channel\n4,2026-03-02T10:00:00Z,Refund,a@b.example,phone\n",
        {"ticket_id": "4", "subject": "Refund", "email_hash": "a@b.example", "channel": "phone"},
    ),
    "customers": (
        "crm",
        "customers",
        "customer_id,email,first_name,segment,created_at\nu9,a@b.example,Ada,gold,2026-01-01\n",
        {"user_id": "u9", "email_hash": "a@b.example", "stage": "gold"},
    ),
}  # fmt: skip


def read(path: Path) -> tuple[VoiceSource, Any]:
    source, _, file = recognise(path, "something.else")
    assert isinstance(source, VoiceSource), source.name
    return source, source.read(file, Options())


@pytest.mark.parametrize("name", FILES)
def test_an_export_fills_its_table(tmp_path: Path, name: str) -> None:
    source, table, text, expected = FILES[name]
    (tmp_path / "file").write_text(text, encoding="utf-8")

    found, reading = read(tmp_path / "file")

    assert (found.name, reading.facts["voices"]) == (source, table)
    row = getattr(reading.voices, table).to_dicts()[0]
    assert {key: row[key] for key in expected} == expected
    assert table in {"customers", "deals"} or row["ts"] is not None


@pytest.mark.parametrize(
    ("name", "header", "is_said"),
    [
        ("hotjar survey", "Date Submitted", False),
        ("hotjar survey", "Date Submitted (UTC)", True),
        ("typeform", "Date Submitted", True),
    ],
)
def test_the_zone_of_answers_is_assumed_unless_header_or_user_say_it(
    tmp_path: Path, name: str, header: str, *, is_said: bool
) -> None:
    text = FILES[name][2].replace("Date Submitted", header)
    (tmp_path / "file").write_text(text, encoding="utf-8")
    source, _, file = recognise(tmp_path / "file", "something.else")

    plainly, local = (source.read(file, Options(tz=tz)).voices for tz in (None, "Europe/Paris"))

    assert plainly is not None
    assert local is not None
    assert plainly.feedback["tz_assumed"].to_list() == [not is_said] * plainly.feedback.height
    moved = plainly.feedback["ts"] - local.feedback["ts"]
    assert set(moved.dt.total_minutes()) == {0 if is_said else 60}


def test_several_scores_of_one_response_are_answers_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(
        "#,Would you recommend us?,How easy was it to pay?,What else?,Submit Date (UTC),Network ID\n"
        "a,9,2,It took me three attempts to pay,2026-03-02 10:00:00,n\n",
        encoding="utf-8",
    )

    _, reading = read(tmp_path / "file")

    assert reading.voices.feedback.sort("scale").select("scale", "score", "comment").rows() == [
        ("nps", 9.0, None),
        ("ces", 2.0, None),
        ("text", None, "It took me three attempts to pay"),
    ]


def test_what_says_nothing_or_was_deleted_is_set_aside_and_counted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(
        "id,created_at,requester_id,subject,status\n1,2026-03-02T10:00:00Z,5,Help,open\n"
        "2,2026-03-02T10:00:00Z,5,Help,deleted\n3,soon,5,Help,open\n",
        encoding="utf-8",
    )

    _, reading = read(tmp_path / "file")

    assert reading.voices.tickets.height == 1
    assert reading.rejects["reason"].to_list() == ["deleted", "time_unreadable"]
    assert reading.facts["records"] == 3


def test_a_form_in_french_is_a_survey(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(
        "Horodateur;Recommanderiez-vous ce site ? (0 à 10);Commentaire;Page\n"
        "13/10/2026 14:00:00;3;Le paiement échoue à chaque fois;/panier\n",
        encoding="utf-8",
    )

    source, reading = read(tmp_path / "file")

    assert source.name == "survey"
    answers = reading.voices.feedback.select("scale", "score", "comment", "url").rows()
    assert answers == [("nps", 3.0, "Le paiement échoue à chaque fois", "/panier")]


@pytest.mark.parametrize(
    "text",
    [
        "timestamp,session_id,event,url,value\n2026-03-02T10:00:00Z,s1,feedback,/pay,3\n",
        "timestamp,session_id,url,rating\n2026-03-02T10:00:00Z,s1,/item/1,4\n",
        "time,visitor,page,email\n2026-03-02T10:00:00Z,v1,/,a@b.example\n",
    ],
)
def test_events_are_no_answers(tmp_path: Path, text: str) -> None:
    (tmp_path / "file").write_text(text, encoding="utf-8")

    assert recognise(tmp_path / "file", "file")[0].name == "generic"
