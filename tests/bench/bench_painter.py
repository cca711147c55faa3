"""How long the pocket painter takes in each style, and how heavy that is: python -m tests.bench.bench_painter"""

import statistics
import sys
import time

from core.prompts import Prompt
from infra.embedded.painter import painted
from infra.embedded.pocket.finishes import FINISHES

WORDS = (
    "ba con mèo đội nón lá",
    "rồng bay trên ruộng bậc thang",
    "thành phố về đêm",
    "rừng thông, gấu trúc",
    "hoa sen",
)


def main() -> None:
    painted(Prompt("mèo"), 1)  # what is made once is made
    for style in FINISHES:
        taken, heavy = [], []
        for words in WORDS:
            begun = time.process_time()
            data, _ = painted(Prompt(words, style=style), 1)
            taken.append((time.process_time() - begun) * 1000)
            heavy.append(len(data) / 1000)
        sys.stdout.write(
            f"{style:18} {statistics.median(taken):5.0f} ms, at most {max(taken):5.0f}; "
            f"{statistics.median(heavy):4.0f} KB, at most {max(heavy):4.0f}\n"
        )


if __name__ == "__main__":
    main()
