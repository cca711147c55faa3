"""Short ways to ask a table, and three rows to ask for."""

import pytest

from core.table import Fields, Key, Refused, Row, Table, Write

AN = Key("USER#an", "PROFILE")
BINH = Key("USER#binh", "PROFILE")
CHI = Key("USER#chi", "PROFILE")


async def fields_of(table: Table, key: Key) -> Fields | None:
    row = await table.get(key)
    return row.fields if row else None


async def refused(table: Table, *writes: Write) -> dict[int, Row | None]:
    with pytest.raises(Refused) as caught:
        await table.write(*writes)
    return caught.value.rows
