package org.procmon.pool.refuse;

import java.nio.ByteBuffer;
import org.procmon.fastcgi.wire.FastCgiException;
import org.procmon.fastcgi.wire.RecordParser;
import org.procmon.fastcgi.wire.Records;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.ConnectedSocket;
import org.procmon.posix.socket.ConnectedSocket.Moved;

/**
 * A client that gets an answer instead of a worker. Its request is read and discarded to its end:
 * closing a socket with unread bytes would reset the connection, and the answer would be lost.
 */
final class RefusedClient {
    private static final int READ_AT_ONCE = 16 << 10;
    private static final int MOST_READS = 16;

    private final Descriptor socket;
    private final RefusalAnswer answer;
    private final Ticks until;
    private final RecordParser parser = new RecordParser();
    private boolean isAnswered;

    /**
     * @param until when it is dropped, whatever it still sends
     */
    RefusedClient(Descriptor socket, RefusalAnswer answer, Ticks until) {
        this.socket = socket;
        this.answer = answer;
        this.until = until;
    }

    Descriptor socket() {
        return socket;
    }

    Ticks until() {
        return until;
    }

    /** Reads what has come, and answers; true when nothing is left to do. */
    boolean advance(byte[] buffer) {
        for (int reads = 0; reads < MOST_READS; reads++) {
            switch (ConnectedSocket.read(socket, buffer)) {
                case Moved.Bytes(int count) -> {
                    if (!isAnswered && !answer(ByteBuffer.wrap(buffer, 0, count))) {
                        return true;
                    }
                }
                case Moved.NotNow _ -> {
                    return false;
                }
                case Moved.Ended _, Moved.Failed _ -> {
                    return true;
                }
            }
        }
        return false;
    }

    /** Answers if a request begins in these bytes; false if the client does not speak FastCGI. */
    private boolean answer(ByteBuffer bytes) {
        try {
            while (parser.nextHeader(bytes)) {
                if (parser.type() == Records.BEGIN_REQUEST) {
                    byte[] records = answer.records(parser.requestId());
                    // There is room for so few bytes in a socket that nothing was written to.
                    var _ = ConnectedSocket.write(socket, records, 0, records.length);
                    var _ = ConnectedSocket.shutdown(socket, ConnectedSocket.Direction.SENDING);
                    isAnswered = true;
                    return true;
                }
            }
            return true;
        } catch (FastCgiException _) {
            return false;
        }
    }

    static byte[] newBuffer() {
        return new byte[READ_AT_ONCE];
    }
}
