"""The journey map as a grid of words, and the forms it is taken away in."""
