import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Connections that watch all events of a monitor. One thread reads them all, and does no more with
 * what comes than to count it and to look for the number at its end, so that it costs little beside
 * the monitor.
 */
final class Watchers implements AutoCloseable {
    private static final byte[] WATCH =
            "{\"method\":\"org.procmon.Monitor.Watch\",\"parameters\":{},\"more\":true}\0"
                    .getBytes(StandardCharsets.UTF_8);

    /** The end of every reply. */
    private static final Pattern END =
            Pattern.compile("\"last\":(\\d+),\"missed\":(true|false)\\},\"continues\":true\\}\0$");

    private static final int LONGEST_END = 100;

    /** What one of them has been told; written by the reading thread only. */
    private static final class Told {
        private volatile long last;
        private volatile long bytes;
        private volatile boolean missed;
    }

    private final List<SocketChannel> channels = new ArrayList<>();
    private final List<Told> told = new ArrayList<>();
    private final Selector selector;
    private final Thread reader = Thread.ofPlatform().daemon().unstarted(this::read);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);

    /** So many, each of which has had the first reply, by which it is known to watch. */
    Watchers(Path stateFolder, int count) throws IOException, InterruptedException {
        selector = Selector.open();
        for (int i = 0; i < count; i++) {
            SocketChannel channel = open(stateFolder);
            channel.configureBlocking(false);
            Told one = new Told();
            channel.register(selector, SelectionKey.OP_READ, one);
            channels.add(channel);
            told.add(one);
        }
        reader.start();
        awaitLast(1);
    }

    /** A connection that has asked to watch, and on which nothing was read. */
    static SocketChannel open(Path stateFolder) throws IOException {
        SocketChannel channel =
                SocketChannel.open(
                        UnixDomainSocketAddress.of(stateFolder.resolve("control.sock")));
        channel.write(ByteBuffer.wrap(WATCH));
        return channel;
    }

    /** The number of the latest event that anybody has been told. */
    long last() {
        return told.stream().mapToLong(one -> one.last).max().orElse(0);
    }

    /** Waits until all have been told the event of a number; returns when that was seen. */
    long awaitLast(long number) throws InterruptedException {
        while (told.stream().anyMatch(one -> one.last < number)) {
            if (!reader.isAlive() || told.stream().anyMatch(one -> one.missed)) {
                throw new IllegalStateException("a watcher was dropped, or missed something");
            }
            Thread.sleep(1);
        }
        return System.nanoTime();
    }

    /** What came, for all of them together. */
    long bytes() {
        return told.stream().mapToLong(one -> one.bytes).sum();
    }

    /** The processor time that reading has taken so far. */
    double readerMillis() {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(reader.threadId()) / 1e6;
    }

    private void read() {
        try {
            while (true) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    take((SocketChannel) key.channel(), (Told) key.attachment());
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException | ClosedSelectorException ended) {
            return;
        }
    }

    private void take(SocketChannel channel, Told one) throws IOException {
        int count = channel.read(buffer.clear());
        if (count < 0) {
            throw new IOException("the monitor ended the connection");
        }
        one.bytes += count;
        if (count > 0 && buffer.get(count - 1) == 0) {
            byte[] end = new byte[Math.min(count, LONGEST_END)];
            buffer.get(count - end.length, end);
            Matcher matcher = END.matcher(new String(end, StandardCharsets.ISO_8859_1));
            if (matcher.find()) {
                one.missed |= matcher.group(2).equals("true");
                one.last = Long.parseLong(matcher.group(1));
            }
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        selector.close();
        reader.join();
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}
