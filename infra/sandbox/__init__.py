"""The vendors played on loopback; imports nothing of ours."""
