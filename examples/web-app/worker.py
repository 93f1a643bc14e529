"""Does one open order after the other. Each instance does those of its own number."""

import os
import time

from database import ask

number = int(os.environ["PROCMON_INSTANCE"])
while True:
    done = ask("GET", "done")
    if done < ask("GET", "orders") and done % 2 == number % 2:
        print("order", ask("ADD", "done", "1"), "done by worker", number, flush=True)
    time.sleep(0.2)
