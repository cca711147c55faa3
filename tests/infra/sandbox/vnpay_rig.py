"""A merchant for the played VNPAY: makes links, takes IPNs without a socket, and asks the API."""

import asyncio
import itertools
import json
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

from infra.sandbox.vnpay import Clock, Gateway, Heard, Terminal
from infra.sandbox.vnpay.wire import HASH, QUERY_ASKED, REFUND_ASKED, checksum, is_signed, signed_query, stamp

SECRET = "27YSNI0G1IITN3XVK9TFTDHWZXUYXXA9"
CODE = "IMGF0001"
THE_DAY = 1_795_132_800.0  # 2026-11-20, midnight UTC
AMOUNT = 5_000_000  # as on the wire
PAY_URL = "http://127.0.0.1/paymentv2/vpcpay.html"
IPN_URL = "http://shop.test/ipn"


class Shop:
    """Answers IPNs as a merchant should, unless it is told what to say; remembers all it heard."""

    def __init__(self) -> None:
        self.heard: list[dict[str, str]] = []
        self.says: list[Heard | Exception] = []  # instead of the right answer, one for each call
        self.rang = asyncio.Event()  # something was heard
        self.orders: dict[str, str] = {}  # ref -> pending, paid or failed
        self.gateway = Gateway([Terminal(CODE, SECRET, IPN_URL)], self.line, clock=Clock.by_hand(THE_DAY))
        self._requests = itertools.count(1)

    # -- links

    def params(self, ref: str, **more: str) -> dict[str, str]:
        return {
            "vnp_Version": "2.1.0",
            "vnp_Command": "pay",
            "vnp_TmnCode": CODE,
            "vnp_Amount": str(AMOUNT),
            "vnp_CreateDate": stamp(self.gateway.clock.date()),
            "vnp_CurrCode": "VND",
            "vnp_IpAddr": "113.160.92.1",
            "vnp_Locale": "vn",
            "vnp_OrderInfo": "Nap 50 credit",
            "vnp_OrderType": "other",
            "vnp_ReturnUrl": "http://shop.test/return?lang=vi",
            "vnp_TxnRef": ref,
            **more,
        }

    def link(self, ref: str, **more: str) -> str:
        self.orders.setdefault(ref, "pending")
        return f"{PAY_URL}?{signed_query(self.params(ref, **more), SECRET)}"

    def opens(self, *refs: str) -> None:
        for ref in refs:
            self.gateway.open(self.link(ref))

    # -- IPNs

    async def line(self, url: str) -> Heard:
        params = dict(parse_qsl(urlsplit(url).query))
        self.heard.append(params)
        self.rang.set()
        said = self.says.pop(0) if self.says else answer(self._decided(params))
        if isinstance(said, Exception):
            raise said
        return said

    def _decided(self, params: dict[str, str]) -> str:
        ref = params["vnp_TxnRef"]
        if not is_signed(params, SECRET):
            return "97"
        if ref not in self.orders:
            return "01"
        if params["vnp_Amount"] != str(AMOUNT):
            return "04"
        if self.orders[ref] != "pending":
            return "02"
        self.orders[ref] = "paid" if params["vnp_ResponseCode"] == params["vnp_TransactionStatus"] == "00" else "failed"
        return "00"

    def outcomes(self, ref: str) -> list[str]:
        return [attempt.outcome for attempt in self.gateway.transactions[ref].attempts]

    async def pays(self, ref: str, outcome: str = "00", *, bank: str = "NCB") -> str:
        """From the link to the merchant being told; hands over where the payer is sent back to."""
        self.opens(ref)
        back = await self.gateway.pay(ref, outcome, bank=bank)
        await self.gateway.settle_ipns()
        return back

    # -- the API

    def query(self, ref: str, **instead: str) -> dict[str, str]:
        """The body of a query, signed."""
        return self._body("querydr", ref, QUERY_ASKED, instead)

    def refund(self, ref: str, **instead: str) -> dict[str, str]:
        more = {"vnp_TransactionType": "02", "vnp_Amount": str(AMOUNT), "vnp_TransactionNo": "0"}
        return self._body("refund", ref, REFUND_ASKED, {**more, "vnp_CreateBy": "admin", **instead})

    def _body(self, command: str, ref: str, names: Sequence[str], more: dict[str, str]) -> dict[str, str]:
        known = self.gateway.transactions.get(ref)
        body = {
            "vnp_RequestId": f"{next(self._requests):08}",
            "vnp_Version": "2.1.0",
            "vnp_Command": command,
            "vnp_TmnCode": CODE,
            "vnp_TxnRef": ref,
            "vnp_TransactionDate": known.wish.create_date if known else stamp(THE_DAY),
            "vnp_CreateDate": stamp(self.gateway.clock.date()),
            "vnp_IpAddr": "10.0.0.1",
            "vnp_OrderInfo": "Hoi giao dich",
            **more,
        }
        return {**body, HASH: checksum(body, names, SECRET)}

    async def asks(self, body: dict[str, str]) -> dict[str, str]:
        said = await self.gateway.answer(json.dumps(body).encode())
        read = json.loads(said.body)
        assert isinstance(read, dict)
        return read

    async def asks_later(self, body: dict[str, str]) -> dict[str, str]:
        """When the terminal may query again."""
        await self.gateway.pass_by(300)
        return await self.asks(body)


def answer(code: str) -> Heard:
    return Heard(200, json.dumps({"RspCode": code, "Message": "said"}).encode())
