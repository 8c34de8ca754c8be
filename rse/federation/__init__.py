"""Company to company: partners, shared spaces, signed delivery."""
