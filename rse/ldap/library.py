"""The one place that imports ldap3, whose import warns of names that pyasn1 renamed."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import ldap3
    import ldap3.core.exceptions as ldap3_errors

__all__ = ["ldap3", "ldap3_errors"]
