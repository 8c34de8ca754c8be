<<<<<<< HEAD
"""Company-to-company federation: signed ActivityPub between instances that agreed to be partners."""
=======
"""Company to company: partners, shared spaces, signed delivery."""
>>>>>>> main
