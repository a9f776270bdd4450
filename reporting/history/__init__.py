"""History of every row in plain words: what changed, who, when and why; two days compared; versions restored."""
