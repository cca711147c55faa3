"""The embedded wing: everything in one process and one folder, with nothing to install."""
