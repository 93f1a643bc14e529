package org.procmon.control.server.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.ControlSpec;
import org.procmon.control.FakeOutput;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.RawConnection;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.replies.CallReply;
import org.procmon.events.EventLog;
import org.procmon.events.MonitorEvent;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.port.HookSource;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Upgrader;

/** What {@code Watch} replies, and what is noted of calls that change something. */
@Timeout(60)
class WatchCallsTest {
    private static final ClientLimits LIMITS =
            new ClientLimits(
                    200,
                    200,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2),
                    Duration.ofHours(1),
                    Duration.ofSeconds(30));
    private static final UserPrincipalLookupService ACCOUNTS =
            FileSystems.getDefault().getUserPrincipalLookupService();

    @TempDir Path folder = Path.of("");

    private final FakeSupervisor supervisor = new FakeSupervisor();
    private final EventLog eventLog =
            new EventLog(() -> new Ticks(9), InstantSource.fixed(Instant.ofEpochSecond(1)));
    private final ControlSpec control =
            new ControlSpec(
                    List.of("54321", "http:ada"), List.of("http:bob"), Optional.empty(), 0660);

    @SuppressWarnings("NullAway.Init")
    private ControlServer server;

    @SuppressWarnings("NullAway.Init")
    private RawConnection client;

    @BeforeEach
    void open() throws IOException {
        server =
                ControlServer.open(
                        folder.resolve("s"),
                        control,
                        new MonitorPorts(
                                supervisor,
                                new FakeOutput(),
                                Upgrader.NONE,
                                Reloader.NONE,
                                eventLog,
                                HookSource.NONE),
                        new Access(control, GroupMembership.NONE),
                        _ ->
                                new Peer(
                                        ACCOUNTS.lookupPrincipalByName("54321"),
                                        ACCOUNTS.lookupPrincipalByGroupName("12345")),
                        LIMITS);
        client = connect();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void theFirstReplyHasThePositionAndTheNextTheEvents() throws IOException {
        change("web");
        assertThat(watch(client, "{}"))
                .isEqualTo(
                        "{\"parameters\":{\"events\":[],\"last\":1000000,\"missed\":false},"
                                + "\"continues\":true}");
        change("web");
        assertThat(client.receive())
                .isEqualTo(
                        "{\"parameters\":{\"events\":[{\"number\":1000001,"
                                + "\"at\":\"1970-01-01T00:00:01.000Z\",\"monotonic_ns\":9,"
                                + "\"kind\":\"state\",\"name\":\"web\",\"from\":\"running\","
                                + "\"to\":\"stopping\",\"cause\":\"why\",\"pid\":42,\"run\":3,"
                                + "\"exit\":{\"signal\":\"KILL\"},"
                                + "\"text\":\"web: stopping, why\"}],"
                                + "\"last\":1000001,\"missed\":false},\"continues\":true}");
    }

    @Test
    void aResumingClientGetsLaterEventsAndANoticeOfMissedOnes() throws IOException {
        change("web");
        change("job");
        assertThat(watch(client, "{\"since\":1000000}"))
                .contains("\"number\":1000001,", "\"missed\":false")
                .doesNotContain("\"number\":1000000,");
        try (RawConnection other = connect()) {
            assertThat(watch(other, "{\"since\":5}"))
                    .contains("\"number\":1000000,", "\"number\":1000001,", "\"missed\":true");
        }
    }

    @Test
    void namesAndPatternsSelect() throws IOException {
        watch(client, "{\"names\":[\"w*\"]}");
        change("job");
        change("web-1");
        assertThat(client.receive()).contains("web-1").doesNotContain("job");
        try (RawConnection other = connect()) {
            assertThat(watch(other, "{\"names\":[\"../x\"]}")).contains("InvalidName");
        }
    }

    @Test
    void refusesAnUnknownNameUnlessTheClientResumes() throws IOException {
        String missing = "{\"error\":\"org.procmon.Monitor.NoSuchProcess\"";
        assertThat(watch(client, "{\"names\":[\"web\",\"wbe\"]}"))
                .startsWith(missing)
                .contains("\"name\":\"wbe\"");
        for (String good :
                List.of(
                        "{\"names\":[\"web\",\"procmon1\",\"all\",\"w?\"]}",
                        "{\"names\":[\"wbe\"],\"since\":5}")) {
            try (RawConnection other = connect()) {
                assertThat(watch(other, good)).contains("\"continues\":true");
            }
        }
    }

    @Test
    void sharesAReplyAmongAllWatchers() throws Exception {
        WatchCalls calls = new WatchCalls(supervisor, eventLog, LIMITS);
        OutputFollower outputFollower = new OutputFollower(Thread.currentThread());
        Call everything = call("");
        change("web");
        change("job");
        CallReply reply = calls.next(everything, 999_999, outputFollower);
        assertThat(text(reply)).contains("\"web\"", "\"job\"").endsWith("\"continues\":true}");
        assertThat(reply.continuesFrom()).isEqualTo("1000001");
        assertThat(calls.next(call(""), 999_999, outputFollower)).isSameAs(reply);

        assertThat(text(calls.next(everything, 1_000_000, outputFollower)))
                .doesNotContain("\"web\"");
        assertThat(text(calls.next(call("\"names\":[\"web\"]"), 999_999, outputFollower)))
                .doesNotContain("\"job\"");
        change("late");
        assertThat(text(calls.next(everything, 1_000_001, outputFollower))).contains("\"late\"");
        outputFollower.callBack();
        assertThat(text(calls.next(everything, 999_999, outputFollower)))
                .contains("\"late\"")
                .doesNotContain("continues");
    }

    @Test
    void aReplyThatSomeHaveReadIsMadeNoSecondTimeForOthers() throws Exception {
        WatchCalls calls = new WatchCalls(supervisor, eventLog, LIMITS);
        OutputFollower outputFollower = new OutputFollower(Thread.currentThread());
        // As many as come of the restart of some two hundred processes.
        for (int i = 0; i < 9 * WatchCalls.MOST + 1; i++) {
            change("web");
        }
        List<CallReply> first = readAll(calls, outputFollower);
        assertThat(first).hasSize(10).doesNotHaveDuplicates();
        List<CallReply> second = readAll(calls, outputFollower);
        for (int i = 0; i < first.size(); i++) {
            assertThat(second.get(i)).isSameAs(first.get(i));
        }
    }

    @Test
    void aSlowWatcherCatchesUp() throws Exception {
        WatchCalls calls = new WatchCalls(supervisor, eventLog, LIMITS);
        OutputFollower outputFollower = new OutputFollower(Thread.currentThread());
        for (int i = 0; i < 2 * WatchCalls.MOST; i++) {
            change("web");
        }
        List<CallReply> others = readAll(calls, outputFollower);
        CallReply first = calls.next(call(""), 1_000_050, outputFollower);
        assertThat(first.continuesFrom()).isEqualTo(others.getFirst().continuesFrom());
        assertThat(calls.next(call(""), Long.parseLong(first.continuesFrom()), outputFollower))
                .isSameAs(others.getLast());
    }

    private List<CallReply> readAll(WatchCalls calls, OutputFollower outputFollower)
            throws Exception {
        List<CallReply> replies = new ArrayList<>();
        for (long read = 999_999; read < eventLog.last(); ) {
            CallReply reply = calls.next(call(""), read, outputFollower);
            replies.add(reply);
            read = Long.parseLong(reply.continuesFrom());
        }
        return replies;
    }

    private static Call call(String parameters) throws Call.NotACall {
        byte[] text =
                ("{\"method\":\"org.procmon.Monitor.Watch\",\"parameters\":{"
                                + parameters
                                + "},\"more\":true}")
                        .getBytes(StandardCharsets.UTF_8);
        return Call.read(text, 0, text.length);
    }

    private static String text(CallReply callReply) {
        MessageBuffer buffer = new MessageBuffer();
        callReply.write(buffer);
        return buffer.text();
    }

    @Test
    void aMessageOfTheClientEndsTheWatch() throws IOException {
        watch(client, "{}");
        client.send("{\"method\":\"org.procmon.Monitor.List\"}|");
        assertThat(client.receive()).contains("\"events\":[]").doesNotContain("continues");
        assertThat(client.receive()).contains("\"processes\"");
    }

    @Test
    void sendsTheEndOfTheServerAsTheLastEvent() throws Exception {
        watch(client, "{}");
        change("web");
        client.receive();
        Thread stopping = Thread.ofVirtual().start(this::stop);
        assertThat(client.receive()).doesNotContain("continues");
        assertThat(client.receive()).isEqualTo("end");
        stopping.join();
    }

    @Test
    void aWatcherThatDoesNotReadIsDroppedAndOthersAreNot() throws Exception {
        List<CompletableFuture<Boolean>> readers = new ArrayList<>();
        try (RawConnection stuck = connect();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            watch(stuck, "{}");
            CountDownLatch watching = new CountDownLatch(99);
            long last = eventLog.last() + 1_500;
            for (int i = 0; i < 99; i++) {
                readers.add(
                        CompletableFuture.supplyAsync(() -> readsUpTo(last, watching), threads));
            }
            watching.await();
            String cause = "x".repeat(500);
            for (int i = 0; i < 1_500; i++) {
                eventLog.add(new MonitorEvent.OfMonitor("procmon1", "event", cause));
            }
            for (CompletableFuture<Boolean> reader : readers) {
                assertThat(reader.get(50, TimeUnit.SECONDS)).isTrue();
            }
            // Until its time is over it must not read, or it would not be stuck.
            await().pollDelay(LIMITS.slowestReader().plusSeconds(1))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> endsAfterWhatWasSent(stuck));
        }
    }

    /** Whether all comes, and nothing is missed. */
    private boolean readsUpTo(long last, CountDownLatch watching) {
        try (RawConnection reader = connect()) {
            String reply = watch(reader, "{}");
            watching.countDown();
            while (!reply.contains("\"last\":" + last)) {
                if (reply.contains("\"missed\":true") || reply.equals("end")) {
                    return false;
                }
                reply = reader.receive();
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void recordsACommandWithItsUserAndOutcome() throws IOException {
        client.monitor("Restart", "{\"names\":[\"web\"]}");
        client.monitor("Stop", "{\"names\":[\"web\"],\"wait\":false}");
        client.monitor("Signal", "{\"names\":[\"web\"],\"signal\":\"1\"}");
        client.monitor("Start", "{\"names\":[\"nobody\",\"a\\u001b\\n\"]}");
        client.monitor("Start", "{\"names\":[\"no\"]}");
        client.monitor("List", "{}");
        assertThat(texts())
                .containsExactly(
                        "command Restart web of the user 54321: done",
                        "command Stop web of the user 54321: accepted",
                        "command Signal HUP web of the user 54321: done",
                        "command Start nobody a\u001b\n of the user 54321: failed: a name is"
                                + " letters, digits, '.', '_', '@', ':' and '-', at most 128 of"
                                + " them",
                        "command Start no of the user 54321: failed: NoSuchProcess no");
    }

    @Test
    void aCallOfManyNamesIsNotedShort() throws IOException {
        client.monitor(
                "Stop",
                IntStream.range(0, 4_000)
                        .mapToObj(i -> "\"" + "y".repeat(200) + i + "\"")
                        .collect(Collectors.joining(",", "{\"names\":[\"web\",", "]}")));
        assertThat(texts().getFirst()).endsWith("them").contains(" Stop web yyy", " more of ");
        assertThat(texts().getFirst().length()).isLessThan(1_000);
    }

    @Test
    void limitedCommandsNeedAnAuthenticatedHttpUser() throws IOException {
        String ada = "\"on_behalf\":{\"user\":\"ada\",\"address\":\"10.0.0.1\"}";
        String bob = "\"on_behalf\":{\"user\":\"bob\"}";
        String eve = "\"on_behalf\":{\"user\":\"eve\"}";
        String anybody = "\"on_behalf\":{}";
        String restart = "{\"names\":[\"web\"],%s}";
        assertThat(client.monitor("Restart", restart.formatted(ada))).contains("\"processes\"");
        assertThat(client.monitor("Restart", restart.formatted(bob)))
                .contains(
                        "the HTTP user bob may not do this; control.operators would have to name"
                                + " \\\"http:bob\\\"");
        assertThat(client.monitor("Restart", restart.formatted(anybody)))
                .contains(
                        "a request without a user may not look; the web server would have to"
                                + " authenticate it");
        assertThat(client.monitor("List", "{" + bob + "}")).contains("\"processes\"");
        assertThat(client.monitor("List", "{" + ada + "}")).contains("\"processes\"");
        assertThat(client.monitor("List", "{" + eve + "}"))
                .contains("the HTTP user eve may not look");
        assertThat(client.monitor("List", "{" + anybody + "}")).contains("NotPermitted");
        assertThat(supervisor.commands).hasSize(1);
        assertThat(texts())
                .first()
                .isEqualTo(
                        "command Restart web of the HTTP user ada at 10.0.0.1 by the user 54321:"
                                + " done");
        assertThat(texts().getLast())
                .startsWith(
                        "command Restart web of the HTTP client without a name by the user 54321:"
                                + " refused: ");
    }

    private List<String> texts() {
        return eventLog.after(999_999, 99).events().stream()
                .map(numberedEvent -> numberedEvent.what().text())
                .toList();
    }

    private void change(String name) {
        eventLog.add(
                new MonitorEvent.Changed(
                        name,
                        Phase.RUNNING,
                        Phase.STOPPING,
                        "why",
                        42,
                        3,
                        Optional.of(new ExitStatus.Signaled(9))));
    }

    private static boolean endsAfterWhatWasSent(RawConnection connection) {
        try {
            return connection.receive().equals("end");
        } catch (IOException _) {
            return true;
        }
    }

    private void stop() {
        try {
            server.stop(Duration.ofSeconds(20));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private RawConnection connect() throws IOException {
        return new RawConnection(folder.resolve("s"));
    }

    private static String watch(RawConnection connection, String parameters) throws IOException {
        return connection.call(
                "{\"method\":\"org.procmon.Monitor.Watch\",\"parameters\":"
                        + parameters
                        + ",\"more\":true}");
    }
}
