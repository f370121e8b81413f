"""Accounts: logins and passwords."""
