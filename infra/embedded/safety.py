"""Who looks at finished pictures in the embedded house: nobody who could tell.

What a picture shows takes a model to see, and this house has none. That it decodes the darkroom has checked;
that it is all of one colour may be just what was asked for. So this judge lets every picture through, and the
words of the prompt, which are checked before painting, are the only guard. On AWS a model looks at each picture.
"""


class PocketJudge:
    async def judge(self, picture: bytes) -> None:
        """Lets it through."""
