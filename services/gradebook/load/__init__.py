"""What a day asks of the students of a lesson: the homework that is due and the control works that are held on it."""
