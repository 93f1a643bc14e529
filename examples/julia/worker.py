#!/usr/bin/env python3
"""Does what worker.jl does, where there is no Julia."""
import os
import socket
import struct

PARAMS, STDIN, STDOUT, END_REQUEST = 4, 5, 6, 3


def record(stream):
    header = stream.read(8)
    if len(header) < 8:
        return None
    _, kind, request, size, padding, _ = struct.unpack(">BBHHBB", header)
    content = stream.read(size)
    stream.read(padding)
    return kind, request, content


def size_at(data, at):
    if data[at] < 0x80:
        return data[at], at + 1
    return struct.unpack_from(">I", data, at)[0] & 0x7FFFFFFF, at + 4


def params(data):
    found, at = {}, 0
    while at < len(data):
        name, at = size_at(data, at)
        value, at = size_at(data, at)
        end = at + name + value
        found[data[at : at + name].decode()] = data[at + name : end].decode()
        at = end
    return found


def send(stream, kind, request, content):
    stream.write(struct.pack(">BBHHBB", 1, kind, request, len(content), 0, 0) + content)


def serve(stream):
    head = b""
    while True:
        one = record(stream)
        if one is None:
            return
        kind, request, content = one
        if kind == PARAMS:
            head += content
        if kind == STDIN and not content:
            break
    query = params(head)["QUERY_STRING"]
    text = f"Content-Type: text/plain\r\n\r\nworker {os.getpid()}: {query}\n"
    send(stream, STDOUT, request, text.encode())
    send(stream, STDOUT, request, b"")
    send(stream, END_REQUEST, request, bytes(8))


listener = socket.socket(fileno=0)
while True:
    connection, _ = listener.accept()
    with connection, connection.makefile("rwb") as stream:
        try:
            serve(stream)
        except OSError as e:
            print("a request failed:", e, flush=True)
