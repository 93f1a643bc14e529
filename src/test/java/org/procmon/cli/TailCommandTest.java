package org.procmon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.protocol.StandardStream;
import org.procmon.control.server.replies.OutputSource;
import org.procmon.status.Snapshot;

@Timeout(60)
class TailCommandTest extends CommandRunner {
    @Test
    void tailShowsTheLastLinesByteForByte() {
        byte[] bytes = new byte[2000];
        new Random(3).nextBytes(bytes);
        output.write("web", StandardStream.STDERR, bytes);
        output.write("web", "1\n2\n3\n");

        assertThat(run("tail", "-n", "2", "web")).isZero();
        assertThat(out()).isEqualTo("2\n3\n");
        out.reset();
        assertThat(run("tail", "--stderr", "web", "-n9999")).isZero();
        assertThat(out.toByteArray()).isEqualTo(bytes);
        out.reset();
        output.write("web", "x\n".repeat(60));
        assertThat(run("tail", "web")).isZero();
        assertThat(out()).isEqualTo("x\n".repeat(50));
        assertThat(err()).isEmpty();
    }

    @Test
    void tailSaysThatOutputIsBeingLost() {
        output.write("web", "1\n");
        output.lose("web", new OutputSource.Loss(7, "cannot write web.log: No space", true));
        assertThat(run("tail", "web")).isZero();
        assertThat(out()).isEqualTo("1\n");
        assertThat(err())
                .isEqualTo(
                        "procmon: output of web is being lost: cannot write web.log: No space\n");
        err.reset();
        output.lose("web", new OutputSource.Loss(7, "cannot write web.log: No space", false));
        assertThat(run("tail", "web")).isZero();
        assertThat(err()).isEmpty();
    }

    @Test
    void tailDoesNotSteerATerminal() throws IOException {
        descriptor = Files.createSymbolicLink(folder.resolve("fd"), Path.of("/dev/pts/0"));
        output.write(
                "web",
                StandardStream.STDOUT,
                "a\tb\u001b[2J\u00e4\n\u202e\r\n".getBytes(StandardCharsets.UTF_8));
        output.write("web", StandardStream.STDOUT, (byte) 0xff, (byte) '\n');

        assertThat(run("tail", "web")).isZero();
        assertThat(out()).isEqualTo("a\tb\\u001b[2J\u00e4\n\\u202e\\u000d\n\ufffd\n");
    }

    @Test
    void whatCannotBeTailedIsExplained() {
        supervisor.snapshot =
                new Snapshot(List.of(FakeSupervisor.stopped("null")), List.of(), false);
        assertThat(run("tail", "null")).isEqualTo(1);
        assertThat(run("tail", "-f", "x")).isEqualTo(4);
        server.close();
        assertThat(run("tail", "-f", "web")).isEqualTo(6);
        assertThat(err())
                .startsWith(
                        "procmon: cannot show the output of null: its stdout goes to /dev/null\n"
                                + "procmon: cannot show the output of x: there is no process 'x'\n"
                                + "procmon: cannot show the output of web: there is no monitor: no"
                                + " socket "
                                + folder.resolve("control.sock")
                                + "; ");
    }

    @Test
    void severalHaveHeadingsWhetherByNameGlobOrAll() throws IOException {
        supervisor.snapshot =
                new Snapshot(
                        List.of(
                                FakeSupervisor.running("web-1", 1, "true"),
                                FakeSupervisor.running("web-2", 2, "true"),
                                FakeSupervisor.running("db", 3, "true")),
                        supervisor.snapshot.monitors(),
                        false);
        output.write("web-1", "one\n");
        output.write("web-2", "two\n");
        output.write("db", "three\n");

        String webs = "==> web-1 <==\none\n\n==> web-2 <==\ntwo\n";
        assertThat(run("tail", "web-1", "web-2")).isZero();
        assertThat(out()).isEqualTo(webs);
        out.reset();
        assertThat(run("tail", "web-*")).isZero();
        assertThat(out()).isEqualTo(webs);
        out.reset();
        assertThat(run("tail", "all")).isZero();
        assertThat(out()).isEqualTo(webs + "\n==> db <==\nthree\n");
        assertThat(run("tail", "mail-*")).isEqualTo(4);
        assertThat(err())
                .isEqualTo(
                        "procmon: cannot show the output of mail-*: there is no process 'mail-*'\n");
    }

    @Test
    void followContinuesWithTheNextMonitorWithoutLossOrRepeat() throws Exception {
        output.write("web", "skipped\nfirst\n");
        CompletableFuture<Integer> tail =
                CompletableFuture.supplyAsync(() -> run("tail", "-f", "-n", "1", "web"));
        await().until(() -> out().equals("first\n"));
        output.write("web", "second\n");
        await().until(() -> out().equals("first\nsecond\n"));
        for (int i = 0; i < 3; i++) {
            server.close();
            output.write("web", "while nobody served " + i + "\n");
            server = open();
            output.write("web", "then " + i + "\n");
            int round = i;
            await().until(() -> out().endsWith("then " + round + "\n"));
        }
        supervisor.snapshot = new Snapshot(List.of(), List.of(), false);
        output.write("web", "x");
        assertThat(tail.get(20, TimeUnit.SECONDS)).isEqualTo(4);
        assertThat(out())
                .isEqualTo(
                        """
                        first
                        second
                        while nobody served 0
                        then 0
                        while nobody served 1
                        then 1
                        while nobody served 2
                        then 2
                        """);
    }

    @Test
    void followReportsSkippedOutput() throws Exception {
        output.write("web", "first\n");
        CompletableFuture<Integer> tail =
                CompletableFuture.supplyAsync(() -> run("tail", "-f", "web"));
        await().until(() -> out().equals("first\n"));
        server.close();
        output.write("web", "lost\nkept\n");
        output.forget(11);
        server = open();
        await().until(() -> out().equals("first\nkept\n"));
        supervisor.snapshot = new Snapshot(List.of(), List.of(), false);
        output.write("web", "x");
        assertThat(tail.get(20, TimeUnit.SECONDS)).isEqualTo(4);
        assertThat(err())
                .startsWith("procmon: some output of web is no longer kept and is left out\n");
    }

    @Test
    void followExitsWhenItsReaderIsGone() throws Exception {
        output.write("web", "x");
        OutputStream closed =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                };
        CompletableFuture<Integer> tail =
                CompletableFuture.supplyAsync(
                        () -> run(new PrintStream(closed), "tail", "-f", "web"));
        assertThat(tail.get(20, TimeUnit.SECONDS)).isEqualTo(1);
    }
}
