package org.procmon.readiness.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A port of this machine that drops packets: somebody listens, and its backlog is full. */
public final class BlackHole implements AutoCloseable {
    private static final int ENOUGH_MILLIS = 100;

    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<Socket> waiting = new ArrayList<>();

    public BlackHole() throws IOException {
        boolean full = false;
        while (!full) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), ENOUGH_MILLIS);
            } catch (SocketTimeoutException _) {
                full = true;
            }
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Takes those who wait, so that there is room again. */
    public void open() throws IOException {
        for (int i = 1; i < waiting.size(); i++) {
            server.accept().close();
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : waiting) {
            socket.close();
        }
        server.close();
    }
}
