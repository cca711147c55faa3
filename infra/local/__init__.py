"""What both wings need on the machine itself."""
