"""Who comes in, and what they may do: `gate` asks at every request, `caller` is the answer that the routes see."""
