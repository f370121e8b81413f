"""Sessions: signing in, refreshing tokens, signing out; who is signed in."""
