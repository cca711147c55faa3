"""A customer of the played Bedrock who speaks through boto3, which nobody here wrote; off the loop, as boto3 blocks."""

import asyncio
import base64
import io
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from PIL import Image

from infra.sandbox.bedrock import Asked, Bedrock, Clock, Played, open_bedrock

CORE, SD35, ULTRA = (
    "stability.stable-image-core-v1:1",
    "stability.sd3-5-large-v1:0",
    "stability.stable-image-ultra-v1:1",
)
TITAN, CANVAS = "amazon.titan-image-generator-v2:0", "amazon.nova-canvas-v1:0"
MICRO, LITE = "apac.amazon.nova-micro-v1:0", "apac.amazon.nova-lite-v1:0"
OREGON, SINGAPORE, VIRGINIA = "us-west-2", "ap-southeast-1", "us-east-1"
KEYS = {"AKIAPLAYED": "played-secret"}
SMALL = 16_384  # pixels of a picture that costs little
ONCE = Config(retries={"total_max_attempts": 1}, read_timeout=10)


@cache
def session() -> Any:
    """What boto3 has read of AWS's models, read once."""
    return boto3.Session()


class Customer:
    """What is asked of Bedrock, and what comes back."""

    def __init__(self, played: Played) -> None:
        self.played, self.bedrock = played, played.bedrock
        self.config, self.secret = ONCE, KEYS["AKIAPLAYED"]
        self._clients: list[Any] = []

    def client(self, offer: str, region: str = OREGON) -> Any:
        made = session().client(
            offer,
            region_name=region,
            endpoint_url=self.played.url,
            aws_access_key_id="AKIAPLAYED",
            aws_secret_access_key=self.secret,
            config=self.config,
        )
        self._clients.append(made)
        return made

    async def asks(self, offer: str, operation: str, region: str = OREGON, **asked: Any) -> Any:
        client = self.client(offer, region)
        return await asyncio.to_thread(getattr(client, operation), **asked)

    async def invokes(self, model: str, region: str = OREGON, **body: Any) -> dict[str, Any]:
        answer = await self.asks("bedrock-runtime", "invoke_model", region, modelId=model, body=json.dumps(body))
        return dict(json.loads(await asyncio.to_thread(whole, answer["body"])))

    async def paints(self, prompt: str, model: str = CORE, region: str = OREGON, **body: Any) -> dict[str, Any]:
        return await self.invokes(model, region, **{"prompt": prompt, "output_format": "jpeg", **body})

    async def is_refused(self, model: str = CORE, region: str = OREGON, **body: Any) -> tuple[int, str, str]:
        """Status, exception and words."""
        try:
            answered = await self.invokes(model, region, **body)
        except ClientError as error:
            return facts_of(error)
        raise AssertionError(f"not refused: {sorted(answered)}")

    async def converses(self, words: object, system: str, model: str = MICRO, **more: Any) -> dict[str, Any]:
        content = words if isinstance(words, list) else [{"text": words}]
        messages = [{"role": "user", "content": content}]
        return dict(
            await self.asks(
                "bedrock-runtime",
                "converse",
                SINGAPORE,
                modelId=model,
                messages=messages,
                system=[{"text": system}],
                **more,
            )
        )

    def close(self) -> None:
        for client in self._clients:
            client.close()


def whole(body: Any) -> bytes:
    with closing(body):
        return bytes(body.read())


def events(stream: Any) -> list[dict[str, Any]]:
    with closing(stream):
        return list(stream)


def facts_of(error: ClientError) -> tuple[int, str, str]:
    said = error.response
    return said["ResponseMetadata"]["HTTPStatusCode"], said["Error"]["Code"], said["Error"]["Message"]


@asynccontextmanager
async def customer(**opening: Any) -> AsyncIterator[Customer]:
    """Bedrock without waits and limits, signatures held against the key, and somebody who asks it."""
    async with open_bedrock(keys=KEYS, lot=7, **opening) as played:
        bedrock = played.bedrock
        bedrock.latency, bedrock.pixels, bedrock.rates.on = 0.0, SMALL, False
        here = Customer(played)
        try:
            yield here
        finally:
            here.close()


def quick(clock: Clock) -> Bedrock:
    """Bedrock without a socket, on this clock."""
    bedrock = Bedrock(clock=clock, lot=7)
    bedrock.pixels = SMALL
    return bedrock


def wanting(model: str = CORE, region: str = OREGON, **body: Any) -> Asked:
    raw = json.dumps({"prompt": "a cat", "output_format": "jpeg", **body}).encode()
    return Asked("POST", f"/model/{model.replace(':', '%3A')}/invoke", {}, raw, region)


def picture_of(answer: Mapping[str, Any]) -> Image.Image:
    return opened(base64.b64decode(answer["images"][0], validate=True))


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture


def drawn(size: tuple[int, int] = (128, 128), colour: tuple[int, int, int] = (90, 120, 60), kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, kind)
    return made.getvalue()


def sent(data: bytes) -> str:
    return base64.b64encode(data).decode()
