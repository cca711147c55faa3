"""Pocket judge – lets every finished picture through in the embedded house.

Seeing what a picture shows takes a model, and this house has none. The darkroom has checked that the picture decodes,
and a picture of one colour may be just what was asked for. So the check of the prompt's words before painting is the
only guard. On AWS a model looks at each picture.
"""


class PocketJudge:
    async def judge(self, picture: bytes) -> None:
        """Let `picture` through."""
