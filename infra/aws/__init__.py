"""The wing past one machine: the ports of the house kept by AWS, mirror image of `infra.embedded`."""
