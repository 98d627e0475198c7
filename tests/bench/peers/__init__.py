"""The same six counts by several hands, so that a figure of speed can be set beside what one would use instead.

    python -m tests.bench.peers.ours FILE       six `Detector`s through the engine of every analysis
    python -m tests.bench.peers.duck FILE       SQL on DuckDB, `--hashed` with numbers in the place of long names
    python -m tests.bench.peers.house FILE      SQL on chDB
    python -m tests.bench.peers.frames FILE     pandas
    python -m tests.bench.peers.spark FILE      SQL on Spark, on this machine alone

Each prints one line of JSON with its counts; they must be the same, or the times mean nothing. Inside a session rows
are in the order of time. Counted are
`rage`     episodes of clicks of which each, with the two before, is within a second and near the first of the three
           (30 px, or on its target)
`dead`     clicks without a page view, input, submit or change of the page in the two seconds after
`abandoned` forms with an input and no submit in a session
`slow`     page views that took more than 3 s
`uturn`    page views between two views of another page, left within 10 s; pages, because friction masks addresses
`exits`, `bounces`  last rows of sessions; sessions with one page view and no click
`visits`   distinct pairs of session and page, by the page's template
"""
