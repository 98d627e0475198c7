"""Night after night: what is known of each friction point, what changed, and who is told.

    night     what one report says of the latest complete day and the days before
    life      what is known of one friction point: its days, its costs, its course, what people said of it
    same      which fresh point is an old one under another selector or page template
    pulse     whether events were recorded at all: data stopped, tracking broke, or fewer people came
    judge     is a rate out of its own ordinary range, with false alarms bounded over all that is tested
    book      all that is known of a project, as one value that is read and written whole
    update    a night into the book: `update(book, night, pulse) -> Told`

Everything above is pure and loads without numpy or Polars. `scan` is the flow around it, `digest` and `telling`
speak about it.
"""
