"""Coming in and settling: sign-in, invitation, reset, settings."""
