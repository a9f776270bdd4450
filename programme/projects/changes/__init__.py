"""Changes of a project's scope, time and money: asked for, decided, and what the baseline was before each."""
