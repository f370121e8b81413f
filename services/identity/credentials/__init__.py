"""Credentials: the school issues them, their owner changes the password."""
