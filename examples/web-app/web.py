"""A web app on $PORT: a POST to / places an order, a GET shows how many are open and done."""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from database import ask


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        orders, done = ask("GET", "orders"), ask("GET", "done")
        self.answer(f"{orders - done} open, {done} done\n")

    def do_POST(self):
        self.answer(f"order {ask('ADD', 'orders', '1')}\n")

    def answer(self, text):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
