"""Directory services: people read from LDAP or Active Directory, and sign-in by bind."""
