"""From tables to the report: points with their cost, facts and evidence, in the order of what they cost.

What is made of them is `friction.summary.analysis`, the way there `friction.summary.build`; who only names sessions and
moments (`friction.summary.moments`) loads neither.
"""
