package org.procmon.system.pool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/** Requests that are sent as they are written, and answers with one char per byte. */
final class RawHttp {
    private static final int MOST_MILLIS = 60_000;

    private RawHttp() {}

    /**
     * Sends a request on a connection of its own, without its end if the body is to show that.
     *
     * @param halfCloses whether the client shows that it sends no more
     * @return the whole answer, without the time that it was made at
     */
    static String send(int port, String request, boolean halfCloses) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(MOST_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(ISO_8859_1));
            out.flush();
            if (halfCloses) {
                socket.shutdownOutput();
            }
            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            return answer.replaceFirst("\r\nDate: [^\r]*", "");
        }
    }
}
