"""Whoever calls AWS, in a process of its own: python -m tests.bench.calls ours|boto3 IN_FLIGHT URL

It says when it stands, then does what each line of its input asks, and answers in a line: JSON both ways.
"""

import asyncio
import json
import resource
import sys
import time
from base64 import b64decode
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeAlias

REGION = "us-west-2"
MODEL = "stability.stable-image-core-v1:1"
BRIEF = {
    "prompt": "a tabby cat in a conical hat by a lake at dusk, watercolour " * 6,
    "seed": 7,
    "output_format": "jpeg",
}
GET = {"TableName": "imagify", "Key": {"owner": {"S": "JOB#01JD3Y5V0000000000000000AB"}, "name": {"S": "META"}}}
BEAT: dict[str, Any] = {
    "TransactItems": [
        {
            "Update": {
                **GET,
                "UpdateExpression": "SET #0 = :0",
                "ConditionExpression": "attribute_exists(#1) AND #2 = :1 AND #3 = :2",
                "ExpressionAttributeNames": {"#0": "lease_until", "#1": "name", "#2": "state", "#3": "fence"},
                "ExpressionAttributeValues": {":0": {"N": "1763700030000"}, ":1": {"S": "painting"}, ":2": {"N": "1"}},
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }
    ],
    "ClientRequestToken": "4b6e7a80-52ff-4e55-8d0f-6f1a5a4c7d11",
}
PATIENCE = 30  # seconds
BETWEEN = 0.005  # seconds between two looks at how late the loop is
TURNS = 3  # times that as many calls are begun as are to be in flight

Call: TypeAlias = Callable[[], Awaitable[object]]


async def ours(url: str, in_flight: int, stack: AsyncExitStack) -> dict[str, Call]:
    from infra.aws.bedrock import model_request, runtime  # noqa: PLC0415 - what the other one needs is not loaded here
    from infra.aws.call import Bounds, SignedRoad, json_of, json_request, place  # noqa: PLC0415 - same
    from infra.aws.table import TARGET  # noqa: PLC0415 - same
    from tests.servers import played_keys  # noqa: PLC0415 - same

    road = await stack.enter_async_context(SignedRoad(played_keys(), connections=in_flight))
    bounds = Bounds(connect=PATIENCE, read=PATIENCE)
    table, models = place("dynamodb", REGION, url, bounds), runtime(REGION, url, bounds)

    async def dynamo(operation: str, payload: dict[str, Any]) -> object:
        request = json_request(table, TARGET, operation, payload)
        return json_of(request, await road.send(request))

    async def invoke(model: str) -> object:
        request = model_request(models, "invoke", model, json.dumps(BRIEF).encode())
        return picture_in((await road.send(request)).body)

    return {
        "get": lambda: dynamo("GetItem", {**GET, "ConsistentRead": True}),
        "write": lambda: dynamo("TransactWriteItems", BEAT),
        "invoke": lambda: invoke(MODEL),
        "large": lambda: invoke("large"),
        "held": lambda: invoke("held"),
    }


async def boto(url: str, in_flight: int, stack: AsyncExitStack) -> dict[str, Call]:
    """As an async house must call it: in as many threads as there may be calls, tried once."""
    import boto3  # noqa: PLC0415 - its import is no part of ours
    from botocore.config import Config  # noqa: PLC0415 - same

    session = boto3.Session(aws_access_key_id="played", aws_secret_access_key="played", region_name=REGION)
    config = Config(
        max_pool_connections=in_flight,
        retries={"total_max_attempts": 1},
        connect_timeout=PATIENCE,
        read_timeout=PATIENCE,
    )
    table = session.client("dynamodb", endpoint_url=url, config=config)
    models = session.client("bedrock-runtime", endpoint_url=url, config=config)
    threads = stack.enter_context(ThreadPoolExecutor(in_flight))

    def invoke(model: str) -> object:
        return picture_in(models.invoke_model(modelId=model, body=json.dumps(BRIEF))["body"].read())

    def aside(work: Callable[[], object]) -> Call:
        return lambda: asyncio.get_running_loop().run_in_executor(threads, work)

    return {
        "get": aside(lambda: table.get_item(**GET, ConsistentRead=True)),
        "write": aside(lambda: table.transact_write_items(**BEAT)),
        "invoke": aside(lambda: invoke(MODEL)),
        "large": aside(lambda: invoke("large")),
        "held": aside(lambda: invoke("held")),
    }


def picture_in(body: bytes) -> bytes:
    return b64decode(json.loads(body)["images"][0])


# -- what is asked --------------------------------------------------------------------------------------------------


async def load(call: Call, in_flight: int, seconds: float) -> dict[str, float]:
    """Calls one after the other, so many side by side; CPU with all threads."""
    took: list[float] = []
    until, spent = time.perf_counter() + seconds, cpu()

    async def caller() -> None:
        while (began := time.perf_counter()) < until:
            await call()
            took.append(time.perf_counter() - began)

    await asyncio.gather(*(caller() for _ in range(in_flight)))
    return {"calls": len(took), "cpu": (cpu() - spent) / len(took) * 1e6, "p50": sorted(took)[len(took) // 2] * 1e3}


async def hold(call: Call, calls: int, lasting: float) -> dict[str, float]:
    """So many calls in flight, begun one by one, each for so long: what they hold, and how late the loop is."""
    before, spent = memory(), cpu()
    async with asyncio.TaskGroup() as group:
        began = time.perf_counter()
        looks = [group.create_task(looked(began + lasting, began + TURNS * lasting))]
        for number in range(calls * TURNS):
            await asyncio.sleep(began + number * lasting / calls - time.perf_counter())
            group.create_task(awaited(call))
    late, most = looks[0].result()
    return {
        "kib": (most - before) / calls,
        "lag": late[-1],
        "lag99": late[int(len(late) * 0.99)],
        "cpu": (cpu() - spent) / (calls * TURNS) * 1e6,
    }


async def awaited(call: Call) -> None:
    await call()


async def looked(begin: float, until: float) -> tuple[list[float], int]:
    """Milliseconds by which the loop was late, in their order, and the most memory, once all of them are in flight."""
    late, most = list[float](), 0
    await asyncio.sleep(begin - time.perf_counter())
    while (slept := time.perf_counter()) < until:
        await asyncio.sleep(BETWEEN)
        late.append((time.perf_counter() - slept - BETWEEN) * 1e3)
        most = max(most, memory())
    return sorted(late), most


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def memory() -> int:
    """KiB that stand in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1024


async def main() -> None:
    name, in_flight, url = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    async with AsyncExitStack() as stack:
        calls = await (ours if name == "ours" else boto)(url, in_flight, stack)
        say({"stands": True})
        while line := await asyncio.to_thread(sys.stdin.readline):
            asked = json.loads(line)
            call = calls[asked["call"]]
            doing = (
                load(call, in_flight, asked["seconds"]) if "seconds" in asked else hold(call, in_flight, asked["each"])
            )
            say(await doing)


def say(said: object) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
