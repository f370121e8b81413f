"""Staff roles granted and revoked by hand."""
