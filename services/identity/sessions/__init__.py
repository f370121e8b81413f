"""Signing in, staying in, being put out; who is signed in."""
