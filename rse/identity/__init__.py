"""Who is who: people, their organisations, accounts, sessions and roles."""
