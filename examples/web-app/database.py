"""A database of numbers, in memory, on the Unix socket $DATABASE.

Without arguments it serves. With arguments it sends them as one command (SET NAME NUMBER, GET NAME,
ADD NAME NUMBER) and prints the answer.
"""

import os
import socket
import socketserver
import sys
import threading

PATH = os.environ["DATABASE"]
numbers = {}
lock = threading.Lock()


def execute(verb, name, number="0"):
    with lock:
        if verb == "SET":
            numbers[name] = int(number)
        elif verb == "ADD":
            numbers[name] = numbers.get(name, 0) + int(number)
        return numbers.get(name, 0)


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline().decode().split()
        if line:
            self.wfile.write(f"{execute(*line)}\n".encode())


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


def ask(*command):
    """Sends a command, and returns the number that the database answers."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        client.connect(PATH)
        client.sendall((" ".join(command) + "\n").encode())
        return int(client.makefile().readline())


def serve():
    if os.path.exists(PATH):
        os.unlink(PATH)
    with Server(PATH, Handler) as server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
    os.unlink(PATH)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(ask(*sys.argv[1:]))
    else:
        serve()
