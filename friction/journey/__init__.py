"""The customer journey in figures: stages, channels, touchpoints, paths, attribution, personas, KPIs.

Pure functions over the tables of `friction.reduce`; `friction.summary.travel` puts them together into a
`friction.journey_map.Journey`. Definitions: where each comes from stands at the head of its module.
"""
