"""The decisions of federation, pure: no network, no database, no clock of its own."""
