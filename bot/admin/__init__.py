"""What admins can ask, by subject. Importing a subject declares its commands."""
