"""Administration: members, invitations, settings, and the state of every part."""
