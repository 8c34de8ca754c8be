"""Company-to-company federation: signed ActivityPub between instances that agreed to be partners."""
