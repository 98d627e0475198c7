"""Events beyond one machine: cut into shards of whole sessions, over which every engine only maps a function.

    job         what workers are told before they see an event
    columns     which columns of a table are read, and which tell sessions apart
    shard       one shard of whole sessions, a Parquet file beside a worker
    survey      first pass: what a shard says that all must know
    known       what all shards said together, for every worker
    work        second pass: a shard to its tables; a closer look at a few sessions
    left        tables that stay with the worker, for what friction costs
    joined      the other tables of all shards as one, numbered as one machine would
    counting    what friction costs: page views that are alike, counted in a shard
    added       the counts of all shards: what pages are worth, what is asked of which
    drawing     the page views of a shard that are compared
    compared    those of all shards
    costs       the rounds of all this, as the driver goes through them
    elsewhere   rows that stay with the workers, for whoever asks for a few of them
    driver      the whole analysis from shards
    partitions  shards as partitions of a Spark DataFrame; spark is what users call
    executor    shards as files, in the hands of anything with a `map`

The report is that of one machine, byte for byte but for places in files: words are numbered over all shards before
any is reduced, sessions, page views and people afterwards, in the order that one machine gives them.
"""
