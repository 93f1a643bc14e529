package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatagramSenderTest {
    @TempDir Path folder = Path.of("");

    @Test
    void aMessageArrivesWithItsSender() {
        String path = folder.resolve("s").toString();
        try (DatagramInbox inbox = open(path)) {
            assertThat(DatagramSender.send(path, "READY=1\nSTATUS=gut läuft's")).isEmpty();
            assertThat(inbox.receive())
                    .contains(
                            new DatagramInbox.Message(
                                    CurrentProcess.pid(), "READY=1\nSTATUS=gut läuft's"));
            assertThat(inbox.receive()).isEmpty();
        }
    }

    @Test
    void reportsASocketWithoutListener() {
        String path = folder.resolve("none").toString();
        assertThat(DatagramSender.send(path, "x")).contains(Errno.ENOENT);
        assertThat(DatagramSender.send("@" + path, "x")).contains(new Errno(Errno.ECONNREFUSED));
        assertThat(DatagramSender.send("/" + "x".repeat(200), "x"))
                .contains(new Errno(Errno.ENAMETOOLONG));
    }

    @Test
    void aFullQueueDoesNotBlock() {
        String path = folder.resolve("s").toString();
        try (DatagramInbox _ = open(path)) {
            Optional<Errno> failed = Optional.empty();
            for (int i = 0; i < 100_000 && failed.isEmpty(); i++) {
                failed = DatagramSender.send(path, "x".repeat(100));
            }
            assertThat(failed).contains(new Errno(Errno.EAGAIN));
        }
    }

    private static DatagramInbox open(String path) {
        if (DatagramInbox.open(path, OptionalInt.empty())
                instanceof DatagramInbox.Result.Opened opened) {
            return opened.inbox();
        }
        throw new AssertionError("cannot open " + path);
    }
}
