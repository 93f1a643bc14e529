# A FastCGI worker in Julia. It accepts connections from descriptor 0, as procmon and spawn-fcgi
# pass it, and answers one request at a time. Source: the FastCGI specification, version 1.

using Sockets

const BEGIN_REQUEST = 0x01
const END_REQUEST = 0x03
const PARAMS = 0x04
const STDIN = 0x05
const STDOUT = 0x06
const LONGEST = 0xffff

function listener()
    server = Sockets.TCPServer()
    Base.uv_error("open", ccall(:uv_tcp_open, Cint, (Ptr{Cvoid}, Base.OS_HANDLE), server, RawFD(0)))
    server.status = Base.StatusInit
    listen(server; backlog = 511)
    server
end

function record(io)
    header = read(io, 8)
    length(header) == 8 || return nothing
    size = Int(header[5]) << 8 | header[6]
    content = read(io, size)
    read(io, Int(header[7]))
    (kind = header[2], id = (header[3], header[4]), content = content)
end

function send(io, kind, id, content)
    size = length(content)
    write(io, UInt8[1, kind, id..., size >> 8, size & 0xff, 0, 0])
    write(io, content)
end

function size_at(bytes, at)
    bytes[at] < 0x80 && return Int(bytes[at]), at + 1
    (Int(bytes[at] & 0x7f) << 24 | Int(bytes[at + 1]) << 16 | Int(bytes[at + 2]) << 8 |
        Int(bytes[at + 3])), at + 4
end

function params(bytes)
    found = Dict{String,String}()
    at = 1
    while at <= length(bytes)
        name, at = size_at(bytes, at)
        value, at = size_at(bytes, at)
        found[String(bytes[at:(at + name - 1)])] = String(bytes[(at + name):(at + name + value - 1)])
        at += name + value
    end
    found
end

answer(env, body) = "Content-Type: text/plain\r\n\r\nworker $(getpid()): $(env["QUERY_STRING"])\n"

function serve(io)
    head, body, id = UInt8[], UInt8[], (0x00, 0x01)
    while true
        one = record(io)
        one === nothing && return
        id = one.id
        one.kind == PARAMS && append!(head, one.content)
        one.kind == STDIN && append!(body, one.content)
        one.kind == STDIN && isempty(one.content) && break
    end
    bytes = Vector{UInt8}(answer(params(head), body))
    for part in Iterators.partition(bytes, LONGEST)
        send(io, STDOUT, id, collect(part))
    end
    send(io, STDOUT, id, UInt8[])
    send(io, END_REQUEST, id, zeros(UInt8, 8))
end

server = listener()
while true
    connection = accept(server)
    try
        serve(connection)
    catch e
        @warn "a request failed" exception = e
    finally
        close(connection)
    end
end
