"""The methodologist opens lessons that are closed, and sees and ends what is open."""
