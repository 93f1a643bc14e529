package org.procmon.output.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.procmon.posix.Descriptor;
import org.procmon.posix.FileStatus;

/**
 * A log file, open for reading, whatever its current name.
 *
 * @param size when it was opened
 */
record LogSegment(Descriptor descriptor, long inode, long birth, long size)
        implements AutoCloseable {
    /** Opens the regular file at a path. */
    static Optional<LogSegment> open(String path, FileStatus status) {
        if (!(Descriptor.look(path) instanceof Descriptor.Result.Opened opened)) {
            return Optional.empty();
        }
        Descriptor file = opened.descriptor();
        if (!status.read(file) || !status.isRegular()) {
            file.close();
            return Optional.empty();
        }
        return Optional.of(new LogSegment(file, status.inode(), status.birth(), status.size()));
    }

    boolean is(LogPosition logPosition) {
        return logPosition.inode() == inode && logPosition.birth() == birth;
    }

    LogPosition at(long offset) {
        return new LogPosition(inode, birth, offset);
    }

    /** Reads bytes; fewer if the file was truncated meanwhile. */
    byte[] read(long offset, int count) throws IOException {
        // The JDK can wait for a disk on a virtual thread, so it does the reading.
        Path path = Path.of("/proc/self/fd/" + descriptor.number());
        ByteBuffer bytes = ByteBuffer.allocate(count);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            int read;
            do {
                read = channel.read(bytes, offset + bytes.position());
            } while (read > 0 && bytes.hasRemaining());
        }
        return bytes.hasRemaining()
                ? Arrays.copyOf(bytes.array(), bytes.position())
                : bytes.array();
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
