"""What may be kept of what a visitor left behind: pure functions of a text, without keys or state."""
