#!/usr/bin/env python3
import os
import sys

body = sys.stdin.read(int(os.environ.get("CONTENT_LENGTH") or 0))
print("Content-Type: text/plain\n")
print("python", os.environ["REQUEST_METHOD"], os.environ.get("PATH_INFO", ""), body)
