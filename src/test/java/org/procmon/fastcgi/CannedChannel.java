package org.procmon.fastcgi;

import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;

/** A channel that reads prepared bytes in pieces of a size, and keeps each write. */
public final class CannedChannel implements ByteChannel {
    public final List<byte[]> writes = new ArrayList<>();
    private final byte[] input;
    private final int pieceBytes;
    private int at;

    public CannedChannel(byte[] input, int pieceBytes) {
        this.input = input;
        this.pieceBytes = pieceBytes;
    }

    public byte[] written() {
        return Bytes.join(writes.toArray(byte[][]::new));
    }

    @Override
    public int read(ByteBuffer into) {
        if (at == input.length) {
            return -1;
        }
        int count = Math.min(Math.min(pieceBytes, into.remaining()), input.length - at);
        into.put(input, at, count);
        at += count;
        return count;
    }

    @Override
    public int write(ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        writes.add(bytes);
        return bytes.length;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
