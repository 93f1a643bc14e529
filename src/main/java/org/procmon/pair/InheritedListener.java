package org.procmon.pair;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.control.server.SocketFile;
import org.procmon.posix.Descriptor;
import org.procmon.posix.StandardStreams;
import org.procmon.posix.UnixListener;

/**
 * Listening sockets that are this process's standard input, so that a program which it starts or
 * becomes inherits them, and they stay open while one of these processes lives. One per process,
 * since the JDK looks at its standard input only once.
 */
public final class InheritedListener implements SocketFile.Port {
    @Override
    public ServerSocketChannel listen(Path path, int backlog) throws IOException {
        return switch (UnixListener.listen(BytePath.text(path), backlog)) {
            case UnixListener.Result.Listening listening -> {
                try (Descriptor socket = listening.socket()) {
                    StandardStreams.setInput(socket);
                }
                yield inherited()
                        .orElseThrow(() -> new IOException("the standard input was already taken"));
            }
            case UnixListener.Result.NotListening failed ->
                    throw new IOException(failed.errno().words());
        };
    }

    /** The listening socket that this process was started with; empty if it was not. */
    public static Optional<ServerSocketChannel> inherited() throws IOException {
        Channel channel = System.inheritedChannel();
        return channel instanceof ServerSocketChannel listening
                ? Optional.of(listening)
                : Optional.empty();
    }

    @Override
    public void close(ServerSocketChannel channel) throws IOException {
        StandardStreams.keepOutputs(channel::close);
    }
}
