"""Session recordings: from the recorder's DOM events to rows of the event table.

values      bytes → JSON values: whole, in a script, one a line, or torn
packed      what recorders compress
containers  values → recordings: what wraps the events, and which records are none
mirror      the page as it stands at the time of an event
selectors   a stable name of an element
masking     what of a page's own words may leave
describe    what the event table says about an element
reactions   did the page answer a click, and when
stage       what the parts of one tab share: its page, its state, its rows
pages       page views, route changes, checkouts
gestures    clicks, presses, touches, and the submits they stand for
fields      focus, blur, input
mutations   rows of changes, for those who want them
reports     cells of plug-in and custom events: console, requests, route changes
windows     one tab: which part looks at which event
player      one recording: its windows, in the order of time
cells       rows as dictionaries → cells by column
stretches   a file cut into stretches of whole lines
told        what one stretch tells: its recordings, played
crew        processes that play stretches side by side, …
worker      … and one of them
sections    recordings that lie in several stretches, played again as a whole
whole       a file: all its stretches put together
rows        cells → one frame
kept_…      a recording as it may be kept for a replay: its events, nodes, looks and style sheets, masked
"""
