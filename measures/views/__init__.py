"""Pages of measures: the list, the card and the forms that change them, the savings matrix."""
