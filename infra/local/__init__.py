"""Local – parts that both wings need on the machine itself."""
