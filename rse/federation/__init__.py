"""Company to company: signed ActivityPub between instances that agreed to be partners."""
