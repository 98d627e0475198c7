"""Where parts are worked on: every engine only maps a function over them."""
