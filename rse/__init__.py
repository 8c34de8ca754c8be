"""A private, federated social network that a company runs itself."""
