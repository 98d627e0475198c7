"""Where parts are worked on: every engine only maps a function over them.

local     threads of this process
job       what workers are told before they see an event
shard     one shard of whole sessions, a Parquet file beside a worker
survey    first pass: what a shard says that all must know
known     what all shards said together, for every worker
work      second pass: a shard to its tables
joined    the tables of all shards as one, numbered as one machine would
elsewhere rows that stay with the workers, for whoever asks for a few of them
driver    the whole analysis from shards
spark     shards as partitions of a Spark DataFrame
executor  shards as files, in the hands of anything with a `map`
"""
