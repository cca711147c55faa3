"""What people can ask, by subject. Importing a subject declares its commands."""
