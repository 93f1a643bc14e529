package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sender of sd_notify(3) messages that shares no code with this project: jnr-unixsocket. */
class ForeignSenderTest {
    @TempDir Path folder = Path.of("");

    @Test
    void receivesAMessageWithThePidOfItsSender() throws IOException {
        String path = folder.resolve("notify").toString();
        DatagramInbox.Result.Opened opened =
                (DatagramInbox.Result.Opened) DatagramInbox.open(path, OptionalInt.empty());
        try (DatagramInbox inbox = opened.inbox();
                UnixDatagramChannel sender = UnixDatagramChannel.open()) {
            ByteBuffer ready = ByteBuffer.wrap("READY=1".getBytes(StandardCharsets.UTF_8));

            assertThat(sender.send(ready, new UnixSocketAddress(path))).isEqualTo(7);

            assertThat(inbox.receive())
                    .contains(new DatagramInbox.Message(CurrentProcess.pid(), "READY=1"));
        }
    }
}
