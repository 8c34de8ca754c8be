"""The steps of the story, by theme; each checks what it did and says it in a sentence."""
