"""The nouns: frozen values that every step passes on. Standard library only."""
