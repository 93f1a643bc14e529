package org.procmon.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.output.OutputTestBed.patiently;
import static org.procmon.output.OutputTestBed.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.FileAccess;
import org.procmon.config.OutputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecBuilder;
import org.procmon.output.log.LogCheck;
import org.procmon.output.log.LogFolders;
import org.procmon.output.log.LogTarget;
import org.procmon.output.log.OutputChunk;
import org.procmon.output.log.TimestampFormat;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Fifo;
import org.procmon.posix.FileStatus;
import org.procmon.posix.Spawn;

/** Log files that are links or devices, and to whom log files belong. */
@Timeout(60)
class LogTargetTest {
    @TempDir Path folder = Path.of("");

    private static ProcessSpec spec(Path file, boolean stamped, FileAccess access) {
        return SpecBuilder.process("web")
                .stdout(new OutputSpec.Captured(Optional.of(file), 1000, 2, stamped, access))
                .stderr(new OutputSpec.WithStdout())
                .build();
    }

    private static ProcessSpec spec(Path file) {
        return spec(file, false, FileAccess.DEFAULT);
    }

    private LogTarget target(Path path) {
        return LogTarget.of(path.toString(), new FileStatus());
    }

    @Test
    void aLinkIsFollowedAndItsTargetIsRotatedWhereItIs() throws Exception {
        Path real = Files.createDirectories(folder.resolve("disk")).resolve("real.log");
        Path link = Files.createSymbolicLink(folder.resolve("app.log"), Path.of("disk/real.log"));
        String lines = ("x".repeat(99) + "\n").repeat(15);
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(spec(link))) {
            write(pen, lines);
            patiently().until(() -> Files.exists(real) && Files.size(real) == 500);
            assertThat(Path.of(real + ".1")).hasSize(1000);
            assertThat(link).isSymbolicLink();
            assertThat(Path.of(link + ".1")).doesNotExist();
            assertThat(outputTestBed.outputs.loss("web")).isEmpty();
            OutputChunk read = outputTestBed.outputs.last("web", Output.STDOUT, 100, 1 << 20);
            assertThat(((OutputChunk.Piece) read).bytes())
                    .isEqualTo(lines.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void aLinkOfAnotherUserIsNotFollowed() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("app.log"), folder.resolve("real"));
        assertThat(target(link)).isEqualTo(new LogTarget.File(folder + "/real"));
        Files.setAttribute(link, "unix:uid", 65534, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        assertThat(target(link))
                .isEqualTo(
                        new LogTarget.Refused(
                                "it is a symbolic link that is not followed: it belongs to user"
                                        + " 65534"));
        Path loop = folder.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        assertThat(target(loop)).isInstanceOf(LogTarget.Refused.class);
    }

    @Test
    void doesNotWriteThroughTheMonitorsDescriptors() throws IOException {
        LogTarget refused =
                new LogTarget.Refused("it may be any file of the monitor's; name the file itself");
        Path direct = Files.createSymbolicLink(folder.resolve("5"), Path.of("/proc/self/fd/5"));
        Path fds = Files.createSymbolicLink(folder.resolve("fds"), Path.of("/proc/self/fd"));
        assertThat(target(direct)).isEqualTo(refused);
        assertThat(target(fds.resolve("0"))).isEqualTo(refused);
        assertThat(target(Path.of("/dev/fd/0"))).isEqualTo(refused);
        assertThat(target(Path.of("/proc/thread-self/fd/0"))).isEqualTo(refused);
        assertThat(target(Path.of("/proc/sysrq-trigger"))).isEqualTo(refused);
        assertThat(target(Path.of("/proc/self/fd/2"))).isEqualTo(new LogTarget.Monitors(2));
        assertThat(new LogCheck().findings(captured(direct)))
                .singleElement()
                .matches(LogCheck.Finding::isTrouble);
    }

    @Test
    void noFolderIsMadeThroughALinkOfAnotherUser() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(folder.resolve("theirs"), elsewhere);
        Path log = link.resolve("new/app.log");
        assertThat(new LogCheck().findings(captured(log))).isEmpty();
        Files.setAttribute(link, "unix:uid", 65534, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        String reason =
                "cannot write "
                        + log
                        + ": "
                        + link
                        + " is a symbolic link through which no folder is made: it belongs to user"
                        + " 65534";
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(spec(log))) {
            write(pen, "lost\n");
            patiently().until(() -> outputTestBed.outputs.loss("web").isPresent());
            assertThat(outputTestBed.outputs.loss("web").orElseThrow().reason()).isEqualTo(reason);
        }
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(new LogCheck().findings(captured(log)))
                .containsExactly(new LogCheck.Finding("file", reason, true));
    }

    @Test
    void makesDirectoriesOnlyThroughSafeLinks() throws IOException {
        Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(folder.resolve("ours"), Path.of("x/../elsewhere"));
        Files.createDirectory(folder.resolve("x"));
        assertThat(LogFolders.make(folder + "/ours/a/b/")).isEmpty();
        assertThat(folder.resolve("elsewhere/a/b")).isDirectory();
        Files.createFile(folder.resolve("file"));
        assertThat(LogFolders.make(folder + "/file")).contains(folder + "/file is no folder");
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertThat(LogFolders.make(loop + "/a"))
                .contains(loop + " is a symbolic link that cannot be followed");
    }

    @Test
    void whereOnlyOwnersMayRenameALinkIsSafe() throws IOException {
        Path shared = Files.createDirectory(folder.resolve("shared"));
        Path link = Files.createSymbolicLink(shared.resolve("app.log"), folder.resolve("real"));
        Files.setAttribute(shared, "unix:mode", 01777);
        assertThat(target(link)).isInstanceOf(LogTarget.File.class);
        Files.setAttribute(shared, "unix:mode", 0777);
        assertThat(target(link)).isInstanceOf(LogTarget.Refused.class);
    }

    @Test
    void aLinkToTheMonitorsOwnStreamGivesTheProcessThatStream() throws Exception {
        Path out = Files.createSymbolicLink(folder.resolve("out.log"), Path.of("/dev/stdout"));
        Path err = Files.createSymbolicLink(folder.resolve("err.log"), Path.of("/dev/stderr"));
        try (OutputTestBed outputTestBed = new OutputTestBed(folder)) {
            assertThat(outputTestBed.outputs.prepare(spec(out)).out())
                    .isEqualTo(new Spawn.Stream.Inherit());
            assertThat(outputTestBed.outputs.prepare(spec(err)).out())
                    .isEqualTo(new Spawn.Stream.Held(new Descriptor(2)));
        }
    }

    @Test
    void writesAFifoThatHasAReader() throws Exception {
        Path path = folder.resolve("pipe");
        try (Descriptor fifo = opened(path);
                FileChannel reader =
                        FileChannel.open(
                                Path.of("/proc/self/fd/" + fifo.number()),
                                StandardOpenOption.READ);
                OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(spec(path))) {
            write(pen, "one\ntwo\n");
            assertThat(read(reader, 8)).isEqualTo("one\ntwo\n");
            assertThat(outputTestBed.outputs.last("web", Output.STDOUT, 10, 100))
                    .isInstanceOf(OutputChunk.NotKept.class);
            // Much more than it holds: what does not fit waits.
            String much = ("y".repeat(63) + "\n").repeat(3000);
            Thread writer = writer(pen, much);
            assertThat(read(reader, much.length())).isEqualTo(much);
            writer.join();
            assertThat(outputTestBed.outputs.loss("web")).isEmpty();
        }
    }

    @Test
    void reportsLossToAFifoWithoutReader() throws Exception {
        Path path = folder.resolve("pipe");
        opened(path).close();
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(spec(path))) {
            write(pen, "one\n");
            patiently().until(() -> outputTestBed.outputs.loss("web").isPresent());
            assertThat(outputTestBed.outputs.loss("web").orElseThrow().reason())
                    .isEqualTo("cannot write " + path + ": it has no reader");
        }
    }

    @Test
    void reportsLossToAFifoWithASleepingReader() throws Exception {
        Path path = folder.resolve("pipe");
        try (Descriptor fifo = opened(path);
                OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(spec(path))) {
            assertThat(fifo.number()).isPositive();
            Thread writer = writer(pen, "z".repeat(1 << 20));
            patiently()
                    .until(() -> {
                        outputTestBed.clock.advance(Duration.ofMillis(100));
                        return outputTestBed.outputs.loss("web").isPresent();
                    });
            writer.join();
            assertThat(outputTestBed.outputs.loss("web").orElseThrow().reason())
                    .isEqualTo("cannot write " + path + ": its reader is too slow");
        }
    }

    @Test
    void linesToADeviceMayHaveTimes() throws Exception {
        Path path = folder.resolve("pipe");
        try (Descriptor fifo = opened(path);
                FileChannel reader =
                        FileChannel.open(
                                Path.of("/proc/self/fd/" + fifo.number()),
                                StandardOpenOption.READ);
                OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(spec(path, true, FileAccess.DEFAULT))) {
            write(pen, "one\ntwo\n");
            assertThat(read(reader, 2 * (TimestampFormat.LENGTH + 4)).lines())
                    .allMatch(line -> line.matches("20\\S+ (one|two)"));
        }
    }

    private static Thread writer(WritableByteChannel pen, String text) {
        return Thread.ofPlatform()
                .start(() -> {
                    try {
                        write(pen, text);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
    }

    private static Descriptor opened(Path path) {
        return ((Descriptor.Result.Opened) Fifo.open(path.toString())).descriptor();
    }

    private static String read(FileChannel reader, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            reader.read(bytes);
        }
        return new String(bytes.array(), StandardCharsets.UTF_8);
    }

    @Test
    void eachFileHasItsModeAndItsOwners() throws Exception {
        Path file = folder.resolve("app.log");
        FileAccess access =
                new FileAccess(OptionalInt.of(0604), Optional.of("nobody"), Optional.of("4"));
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(spec(file, false, access))) {
            write(pen, ("x".repeat(99) + "\n").repeat(15));
            Path earlier = Path.of(file + ".1");
            patiently().until(() -> Files.exists(earlier) && isTheirs(earlier) && isTheirs(file));

            Files.move(file, folder.resolve("moved"));
            outputTestBed.outputs.reopen(Duration.ofSeconds(30));
            write(pen, "more\n");
            patiently().until(() -> Files.exists(file) && isTheirs(file));
        }
    }

    private static boolean isTheirs(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                        .equals("rw----r--")
                && Files.getAttribute(file, "unix:uid").equals(65534)
                && Files.getAttribute(file, "unix:gid").equals(4);
    }

    @Test
    void describesALogFileBeforeItIsOpened() throws IOException {
        LogCheck check = new LogCheck();
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
        assertThat(check.findings(captured(folder.resolve("new/app.log")))).isEmpty();
        assertThat(check.findings(captured(link)))
                .containsExactly(
                        new LogCheck.Finding(
                                "file",
                                link + " is a link to " + folder + "/real, rotated there",
                                false));
        assertThat(check.file(captured(link))).contains(folder + "/real");
        Path own = Files.createSymbolicLink(folder.resolve("own"), Path.of("/dev/stderr"));
        assertThat(check.findings(captured(own)))
                .singleElement()
                .matches(f -> !f.isTrouble() && f.text().contains("own standard error"));
        assertThat(check.findings(captured(Path.of("/dev/fd/5"))))
                .containsExactly(
                        new LogCheck.Finding(
                                "file",
                                "cannot write /dev/fd/5: it may be any file of the monitor's; name"
                                        + " the file itself",
                                true));
        assertThat(check.findings(captured(folder)))
                .containsExactly(
                        new LogCheck.Finding(
                                "file",
                                "cannot write " + folder + ": it is no regular file",
                                true));
        Files.writeString(folder.resolve("plain"), "");
        assertThat(check.findings(captured(folder.resolve("plain/app.log"))))
                .singleElement()
                .matches(LogCheck.Finding::isTrouble);
        FileAccess access =
                new FileAccess(OptionalInt.empty(), Optional.of("no-such"), Optional.empty());
        assertThat(check.findings(new OutputSpec.Captured(Optional.empty(), 0, 0, false, access)))
                .containsExactly(
                        new LogCheck.Finding(
                                "owner",
                                "cannot give the log file away: there is no user 'no-such'",
                                true));
    }

    private static OutputSpec.Captured captured(Path file) {
        return new OutputSpec.Captured(Optional.of(file), 0, 0, false);
    }
}
