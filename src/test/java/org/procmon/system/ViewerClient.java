package org.procmon.system;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that does its worst with the control socket of a monitor, for as long as its standard
 * input is open: {@code ViewerClient SOCKET}. It needs no other class, so that any user can run it.
 */
final class ViewerClient {
    private static final String CALL =
            "{\"method\":\"org.procmon.Monitor.%s\",\"parameters\":{%s}%s}\0";

    private final Path socket;
    private final List<SocketChannel> open = new ArrayList<>();
    private int refused;

    private ViewerClient(Path socket) {
        this.socket = socket;
    }

    /** Begins, says {@code ready} when everything was tried once, and goes on. */
    public static void main(String[] arguments) throws Exception {
        ViewerClient viewer = new ViewerClient(Path.of(arguments[0]));
        viewer.talkNonsense(3_000);
        viewer.watchWithLongNames();
        viewer.askForWhatIsRefused(5_000);
        viewer.takeAllPlaces();
        viewer.talkNonsense(1_000);
        System.out.println("ready " + viewer.refused);
        Thread again = new Thread(() -> viewer.goOn());
        again.setDaemon(true);
        again.start();
        int last = 0;
        while (last >= 0) {
            last = System.in.read();
        }
    }

    private void goOn() {
        while (true) {
            askForWhatIsRefused(500);
            talkNonsense(500);
            watchWithLongNames();
        }
    }

    private void watchWithLongNames() {
        StringBuilder names = new StringBuilder("\"names\":[\"zz[w]*\"");
        for (int i = 0; names.length() < 1_000_000; i++) {
            names.append(",\"zz[w]*").append(i).append('"');
        }
        for (int i = 0; i < 7; i++) {
            keep(CALL.formatted("Watch", names + "]", ",\"more\":true"));
        }
        String fewer = "\"*zz[w]*[!x]?a\",".repeat(20_000);
        for (int i = 0; i < 7; i++) {
            keep(CALL.formatted("Watch", "\"names\":[" + fewer + "\"b\"]", ",\"more\":true"));
        }
    }

    /** As many calls as one has to read the refusals of. */
    private void askForWhatIsRefused(int calls) {
        String name = "\"" + "\u20ac".repeat(300) + "\"";
        String names = "\"names\":[" + (name + ",").repeat(19) + name + "]";
        byte[] stop = CALL.formatted("Stop", names, "").getBytes(StandardCharsets.UTF_8);
        try (SocketChannel channel = connect()) {
            ByteBuffer reply = ByteBuffer.allocate(1 << 16);
            for (int i = 0; i < calls; i++) {
                send(channel, stop);
                if (channel.read(reply.clear()) < 0) {
                    return;
                }
            }
        } catch (IOException e) {
            refused++;
        }
    }

    /** Some watch, some never read, some never say a word. */
    private void takeAllPlaces() {
        for (int i = 0; i < 128; i++) {
            keep(CALL.formatted("Watch", "", ",\"more\":true"));
        }
        for (int i = 0; i < 60; i++) {
            keep(CALL.formatted("List", "", "").repeat(200));
        }
        for (int i = 0; i < 120; i++) {
            keep("");
        }
    }

    private void talkNonsense(int connections) {
        String nonsense = "tru\u001bc\b\b\u009b31m\udb40\udc41\u202e\0";
        for (int i = 0; i < connections; i++) {
            try (SocketChannel channel = connect()) {
                send(channel, nonsense.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                refused++;
            }
        }
    }

    /** Sends something on a connection that stays open and is never read. */
    private void keep(String message) {
        try {
            SocketChannel channel = connect();
            open.add(channel);
            ByteBuffer bytes = ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8));
            channel.configureBlocking(message.length() > 100_000);
            channel.write(bytes);
        } catch (IOException e) {
            refused++;
        }
    }

    private static void send(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }
}
