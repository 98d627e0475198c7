"""Durable jobs: the server enqueues, workers carry out, and what was accepted comes to an end.

    queue       the server's side: hand over, and the sweep that finds what was lost on the way
    analysis    the steps of one job
    workflow    the same as the durable engine knows them
    worker      the process that carries them out
    supervisor  keeps one worker running beside the server

There is no transaction over the store and the job engine's tables: a job's row is committed first and enqueued under
its own id afterwards, which may happen twice without harm.
"""
