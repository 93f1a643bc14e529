package org.procmon.control.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolTest {
    @TempDir Path folder = Path.of("");

    @Test
    void callsAreWrittenWithWhatDiffersFromTheDefaults() throws Exception {
        assertThat(written(Call.of(Method.LIST, List.of(), Wait.UNTIL_DONE)))
                .isEqualTo("{\"method\":\"org.procmon.Monitor.List\",\"parameters\":{}}");
        assertThat(written(Call.of(Method.STATUS, List.of("a"), Wait.UNTIL_DONE)))
                .isEqualTo(
                        "{\"method\":\"org.procmon.Monitor.Status\",\"parameters\":{\"name\":\"a\"}}");
        assertThat(written(Call.of(Method.STOP, List.of("a", "b*"), Wait.NOT)))
                .isEqualTo(
                        "{\"method\":\"org.procmon.Monitor.Stop\",\"parameters\":"
                                + "{\"names\":[\"a\",\"b*\"],\"wait\":false}}");
        assertThat(written(Call.of(Method.START, List.of("a"), Wait.atMost(Duration.ofSeconds(2)))))
                .isEqualTo(
                        "{\"method\":\"org.procmon.Monitor.Start\",\"parameters\":"
                                + "{\"names\":[\"a\"],\"timeout_ms\":2000}}");
        OutputQuery query = OutputQuery.last(StandardStream.STDERR, 7).following();
        assertThat(written(Call.output("a", query)))
                .isEqualTo(
                        "{\"method\":\"org.procmon.Monitor.ReadOutput\",\"parameters\":"
                                + "{\"name\":\"a\",\"stream\":\"stderr\",\"lines\":7,"
                                + "\"follow\":true},\"more\":true}");
        Call output = read(written(Call.output("a", query.after("1:2"))));
        assertThat(output.output())
                .isEqualTo(
                        new OutputQuery(StandardStream.STDERR, OptionalInt.empty(), "1:2", true));
        assertThat(output.more()).isTrue();
        assertThat(output.invalid()).isEmpty();
        Call signal = read(written(Call.signal(List.of("a"), "HUP")));
        assertThat(signal.signal()).isEqualTo("HUP");
        assertThat(signal.names()).containsExactly("a");
        assertThat(signal.waits()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void messagesAreFoundHoweverTheBytesArrive(long seed) throws IOException {
        Random random = new Random(seed);
        List<String> sent = new ArrayList<>();
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        MessageBuffer buffer = new MessageBuffer();
        for (int i = 0; i < 200; i++) {
            String message = "m".repeat(random.nextInt(10) == 0 ? 70_000 : random.nextInt(40));
            sent.add(message);
            buffer.write(message.getBytes(StandardCharsets.UTF_8), 0, message.length());
            buffer.sendTo(Channels.newChannel(stream));
        }
        ReadableByteChannel channel = inPieces(stream.toByteArray(), random);
        MessageReader reader = new MessageReader(70_000);
        List<String> found = new ArrayList<>();
        do {
            while (reader.next()) {
                found.add(
                        new String(
                                reader.bytes(),
                                reader.offset(),
                                reader.length(),
                                StandardCharsets.UTF_8));
            }
        } while (reader.fill(channel));
        assertThat(found).as("seed %d", seed).isEqualTo(sent);
        assertThat(reader.hasPart()).isFalse();
    }

    @Test
    void aMessageThatIsTooLongIsRefusedBeforeItIsComplete() {
        byte[] manyBytes = "x".repeat(20_000).getBytes(StandardCharsets.UTF_8);
        ReadableByteChannel endless = inPieces(manyBytes, new Random(1));
        MessageReader reader = new MessageReader(10_000);

        assertThatThrownBy(
                        () -> {
                            while (!reader.next()) {
                                reader.fill(endless);
                            }
                        })
                .isInstanceOf(MessageReader.MessageTooLong.class)
                .hasMessage("a message is longer than 10000 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "/asked, /named, /run/user/7, 7, /asked",
        "'',     /named, /run/user/7, 7, /named",
        "'',     '',     /run/user/7, 7, /run/user/7/procmon",
        "'',     '',     '',          7, /tmp/procmon-7",
        "'',     '',     /run/user/0, 0, /run/procmon",
        "'',     /named, '',          0, /named",
    })
    void theStateFolderFollowsItsRule(
            String asked, String named, String runtime, int uid, String expected) {
        assertThat(
                        SocketLocation.stateFolder(
                                asked.isEmpty() ? Optional.empty() : Optional.of(Path.of(asked)),
                                Map.of("PROCMON_STATE_DIR", named, "XDG_RUNTIME_DIR", runtime),
                                uid))
                .isEqualTo(Path.of(expected));
    }

    @Test
    void fallsBackToTheMonitorOfRoot() throws IOException {
        // Not root's, which is asked for root's anyway.
        int uid = 4321;
        boolean mayGive = SocketLocation.ownUid() == 0;
        assumeTrue(mayGive, "only root can give a folder away");
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", folder.toString());
        Path own = folder.resolve("procmon/control.sock");
        Path roots = Path.of("/run/procmon/control.sock");

        assertThat(SocketLocation.socket(Optional.empty(), environment, uid)).isEqualTo(roots);
        Files.createDirectory(folder.resolve("procmon"));
        Files.createFile(own);
        assertThat(SocketLocation.socket(Optional.empty(), environment, uid))
                .as("not in somebody else's folder")
                .isEqualTo(roots);
        Files.setAttribute(own.getParent(), "unix:uid", uid);
        assertThat(SocketLocation.socket(Optional.empty(), environment, uid)).isEqualTo(own);
        assertThat(SocketLocation.socket(Optional.of(Path.of("/x")), environment, uid))
                .isEqualTo(Path.of("/x/control.sock"));
    }

    @Test
    void theVersionIsTheBuilds() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains(
                        "<artifactId>procmon</artifactId>\n  <version>"
                                + Product.VERSION
                                + "</version>");
    }

    private static String written(Call call) {
        MessageBuffer buffer = new MessageBuffer();
        call.write(buffer);
        return buffer.text();
    }

    private static Call read(String text) throws Call.NotACall {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Call.read(bytes, 0, bytes.length);
    }

    private static ReadableByteChannel inPieces(byte[] bytes, Random random) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        return new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer to) {
                int count =
                        Math.min(
                                Math.min(to.remaining(), left.remaining()),
                                1 + random.nextInt(5000));
                to.put(left.slice(left.position(), count));
                left.position(left.position() + count);
                return count == 0 ? -1 : count;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }
}
