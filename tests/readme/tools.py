"""What the README says about the exports of each tool (facts: `formats.md` of the plan, from the makers' documents)."""

from __future__ import annotations

from dataclasses import dataclass

TABLE = "[as a table](#a-table-from-any-tool)"


@dataclass(frozen=True)
class Tool:
    """One row: the tool, the export to take, what that can tell, and the way where no source of ours reads it."""

    name: str
    source: str
    export: str
    tells: str
    otherwise: str = TABLE


TOOLS = (
    Tool(
        "rrweb",
        "rrweb",
        "recordings as the site stored them, as JSON or JSON lines",
        "everything: clicks, inputs, reactions, errors, requests",
    ),
    Tool(
        "PostHog",
        "posthog",
        "events from the list, the API or a batch export; CSV, JSON, JSON lines, Parquet",
        "clicks with elements, forms, errors, Web Vitals",
    ),
    Tool(
        "PostHog recordings",
        "posthog_recording",
        "a recording exported as JSON, or the stored lines",
        "everything, as rrweb",
    ),
    Tool(
        "Sentry Replay",
        "sentry",
        "the segments of a replay, JSON",
        "everything, as rrweb, and changes of route",
    ),
    Tool(
        "OpenReplay",
        "openreplay",
        "the JSON of a session",
        "clicks with elements, inputs, errors, loading times",
    ),
    Tool(
        "GA4",
        "ga4",
        "the tables `events_…` of BigQuery as JSON lines or Parquet",
        "pages, conversions, started forms; no clicks on elements",
    ),
    Tool(
        "FullStory",
        "fullstory",
        "the data export, CSV or JSON",
        "clicks with elements, errors, loading times",
    ),
    Tool(
        "Amplitude",
        "amplitude",
        "the export of the API, as it is packed",
        "with autocapture clicks and forms, else events",
    ),
    Tool(
        "Mixpanel", "mixpanel", "the raw export, JSON lines", "with autocapture clicks and forms, else events"
    ),
    Tool(
        "Segment, RudderStack",
        "segment",
        "the archive of messages, JSON lines",
        "pages, and what the tracking plan names",
    ),
    Tool(
        "Datadog RUM",
        "datadog",
        "the events of the API or the explorer, JSON or CSV",
        "clicks with elements, errors, requests, Web Vitals",
    ),
    Tool(
        "Adobe Analytics",
        "adobe",
        "the data feed as it is delivered, or its hits with `column_headers.tsv`",
        "pages, links, orders; no clicks on elements",
    ),
    Tool(
        "Snowplow",
        "snowplow",
        "enriched events, TSV or from the warehouse",
        "pages, links, forms, scrolling, errors",
    ),
    Tool("Heap, Contentsquare Data Connect", "heap", "the tables of the warehouse", "pages and events"),
    Tool("LogRocket", "logrocket", "the streaming export", "clicks, errors, requests, pages"),
    Tool("AWS Clickstream", "aws_clickstream", "the table `event_v2`", "pages, clicks, scrolling"),
    Tool(
        "Matomo",
        "matomo",
        "`Live.getLastVisitsDetails` as JSON",
        "pages, loading times, searches, conversions",
    ),
    Tool(
        "Server logs",
        "access_log",
        "the access log",
        "requests, errors and their times; no clicks",
        "not yet: its lines have no columns; converted to a table it can be read",
    ),
    Tool(
        "Hotjar",
        "hotjar",
        "the list of recordings, CSV; single events cannot be exported",
        "Hotjar's own rage clicks and U-turns by session and entry page",
    ),
    Tool(
        "Clarity",
        "clarity",
        "the answer of the Data Export API, JSON; best by page, one file a day. "
        "The list of recordings, CSV in any language",
        "Clarity's own counts by page: rage, dead, error clicks, quick backs, script errors. "
        "Of the list only sessions, without friction",
    ),
    Tool(
        "Mouseflow",
        "mouseflow",
        "recordings and link analytics of the API, or the list as CSV",
        "Mouseflow's own tags by session, rage and hesitation by element",
    ),
    Tool("Plausible", "plausible", "the export, ZIP", "bounces and exits by page, time and scroll depth"),
    Tool("Umami", "umami", "the export, ZIP, or expanded metrics", "bounces and time by page"),
    Tool(
        "Hotjar surveys",
        "hotjar_survey",
        "the responses, CSV, in their archive or from the API",
        "scores and comments with page and visitor",
    ),
    Tool("Delighted", "delighted", "the responses, CSV or JSON", "scores and comments, person, page"),
    Tool("Typeform", "typeform", "the results, CSV or XLSX", "scores and comments, hidden fields"),
    Tool(
        "Other surveys",
        "survey",
        "a table with a time and a score or comments (Wootric, SurveyMonkey, Google Forms …)",
        "NPS, CSAT, CES, stars, comments",
    ),
    Tool(
        "Zendesk",
        "zendesk",
        "tickets, comments, users; CSV, JSON, warehouse",
        "calls for help, who made them",
    ),
    Tool(
        "HubSpot",
        "hubspot",
        "lists of tickets, deals, contacts; CSV, JSON, warehouse",
        "calls for help, sales, people",
    ),
    Tool(
        "Salesforce",
        "salesforce",
        "cases, opportunities, contacts; CSV, JSON, warehouse",
        "calls for help, sales, people",
    ),
    Tool("Pipedrive", "pipedrive", "lists of deals and persons, CSV or XLSX", "sales, people"),
    Tool("Other help desks", "tickets", "a table with a ticket, a time and a subject", "calls for help"),
    Tool(
        "Other customer systems",
        "crm",
        "a table of deals or of customers with their addresses",
        "sales, people",
    ),
)
"""In the order of the README. `source` is the name the source has (`friction sources list`)."""
