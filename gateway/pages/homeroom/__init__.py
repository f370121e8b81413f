"""Pages of homeroom teachers: absences."""
