package org.procmon.listen;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;

/**
 * Makes channels of listening sockets that the program was started with. The JDK does that for
 * descriptor 0 only ({@link System#inheritedChannel}), so this calls the constructor that it uses,
 * which needs {@code --add-opens} for {@code java.io} and {@code sun.nio.ch}. Source:
 * sun.nio.ch.ServerSocketChannelImpl of JDK 25.
 */
public final class InheritedSocket {
    private InheritedSocket() {}

    /**
     * The channel of a listening socket.
     *
     * @param descriptor its number
     * @param isUnix whether it is a Unix socket
     */
    public static ServerSocketChannel channel(int descriptor, boolean isUnix) throws IOException {
        ProtocolFamily family = isUnix ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET6;
        try {
            var file = FileDescriptor.class.getDeclaredConstructor(int.class);
            file.setAccessible(true);
            var channel =
                    Class.forName("sun.nio.ch.ServerSocketChannelImpl")
                            .getDeclaredConstructor(
                                    SelectorProvider.class,
                                    ProtocolFamily.class,
                                    FileDescriptor.class,
                                    boolean.class);
            channel.setAccessible(true);
            return (ServerSocketChannel)
                    channel.newInstance(
                            SelectorProvider.provider(),
                            family,
                            file.newInstance(descriptor),
                            true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IOException("cannot use descriptor " + descriptor + ": " + e, e);
        }
    }
}
