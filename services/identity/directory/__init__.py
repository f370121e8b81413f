"""The people of a school as those see them who keep the records: with contacts, classes and children."""
