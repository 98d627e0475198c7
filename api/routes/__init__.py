"""One module per resource; a route reads like a sentence and decides nothing about friction itself."""
