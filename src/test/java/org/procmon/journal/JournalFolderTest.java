package org.procmon.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.procmon.journal.Samples.kept;
import static org.procmon.journal.Samples.running;
import static org.procmon.journal.Samples.stopped;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.procmon.config.Exec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Signal;
import org.procmon.config.SpecBuilder;
import org.procmon.config.StopPlan;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.Lifecycle;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RecentRuns;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.port.JournalEntry;

/** What is kept comes back, and only what changed is written. */
class JournalFolderTest {
    @TempDir Path state = Path.of("");
    private TestJournal test = new TestJournal(state);

    @BeforeEach
    void makeJournal() {
        test = new TestJournal(state);
    }

    static Stream<String> states() {
        return Samples.states().keySet().stream();
    }

    @Test
    void readsTheSameTwiceAfterARehearsal() throws Exception {
        test.open().keep(Samples.running("web"));
        FileTime old = FileTime.from(TestJournal.WALL.minusSeconds(3600));
        JournalFolder journal =
                JournalFolder.open(
                        test.folder,
                        test.monitorFile(),
                        TestJournal.BOOT,
                        () -> Instant.now().plusSeconds(3600),
                        () -> TestJournal.NOW);
        Files.setLastModifiedTime(test.record("web"), old);
        journal.warmUp();

        assertThat(journal.read(true)).containsExactly(Samples.running("web"));
        assertThat(journal.read(true)).containsExactly(Samples.running("web"));
    }

    @Test
    void recordsOfOneJournalAndBootAreConsistent() throws IOException {
        test.open().keep(Samples.running("web"));
        JournalFolder journal = test.open();

        journal.read(true);

        assertThat(journal.isConsistent()).isTrue();
    }

    @Test
    void aDamagedRecordMakesTheJournalInconsistent() throws IOException {
        test.open().keep(Samples.running("web"));
        Files.writeString(test.record("web"), "{}");
        JournalFolder journal = test.open();

        journal.read(true);

        assertThat(journal.isConsistent()).isFalse();
    }

    @Test
    void aRecordThatWasPutThereLaterThanItWasWrittenMakesThemInconsistent() throws IOException {
        Instant before = Instant.now().minusSeconds(60);
        test.open(TestJournal.BOOT, before, TestJournal.NOW).keep(Samples.running("web"));
        JournalFolder journal = test.open();

        assertThat(test.logOf(() -> journal.read(true)))
                .singleElement()
                .asString()
                .contains("WARN journal: records were changed or copied back by another program")
                .contains(" records=1 processes=web ");
        assertThat(journal.isConsistent()).isFalse();
        journal.keep(Samples.running("web"));

        JournalFolder next = test.open();
        assertThat(test.logOf(() -> next.read(true))).isEmpty();
        assertThat(next.isConsistent()).isTrue();
    }

    @Test
    void aRecordOfAnotherBootMakesThemInconsistent() throws IOException {
        test.open().keep(Samples.running("web"));
        JournalFolder journal = test.open(TestJournal.NEXT_BOOT, TestJournal.WALL, TestJournal.NOW);

        journal.read(true);

        assertThat(journal.isConsistent()).isFalse();
    }

    @Test
    void aRecordOfAnotherJournalIsReadButWrittenAgain() throws IOException {
        test.open().keep(Samples.running("web"));
        Files.delete(state.resolve("monitor.json"));
        JournalFolder journal = test.open();

        assertThat(journal.read(true)).containsExactly(Samples.running("web"));
        assertThat(journal.isConsistent()).isFalse();
        journal.keep(Samples.running("web"));

        JournalFolder next = test.open();
        next.read(true);
        assertThat(next.isConsistent()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("states")
    void everyStateComesBackAsItWas(String name) throws IOException {
        ProcessState state = Samples.state(name);
        for (Goal goal : Goal.values()) {
            JournalEntry before = kept("web", goal, state);

            test.open().keep(before);

            assertThat(test.open().read(true)).containsExactly(before);
        }
    }

    @ParameterizedTest
    @EnumSource(StopReason.class)
    void aRunThatIsJustBeingStartedIsKept(StopReason why) throws IOException {
        JournalEntry before =
                new JournalEntry(
                        "web",
                        Samples.EXEC,
                        StopPlan.DEFAULT,
                        ProcessStatus.unstarted(why, TestJournal.NOW),
                        OptionalLong.of(1));

        test.open().keep(before);

        assertThat(test.open().read(true)).containsExactly(before);
    }

    @Test
    void randomRecordsComeBackAsTheyWere() throws IOException {
        long seed = Long.getLong("procmon.seed", System.nanoTime());
        Random random = new Random(seed);
        JournalFolder journal = test.open();
        for (int i = 0; i < 3000; i++) {
            JournalEntry before = Samples.random("web", random);

            journal.keep(before);

            assertThat(test.open().read(true))
                    .as("record %d with -Dprocmon.seed=%d", i, seed)
                    .containsExactly(before);
        }
    }

    @Test
    void everyStepOfRandomHistoriesComesBackAsItWas() throws IOException {
        long seed = Long.getLong("procmon.seed", System.nanoTime());
        Random random = new Random(seed);
        JournalFolder writer = test.open();
        JournalFolder reader = test.open();
        for (int history = 0; history < 100; history++) {
            ProcessSpec spec = spec(random);
            Ticks now = new Ticks(random.nextLong());
            ProcessStatus process = ProcessStatus.unstarted(StopReason.NEVER_STARTED, now);
            for (int i = 0; i < 40; i++) {
                now = now.plus(Duration.ofMillis(random.nextInt(20_000)));
                process = Lifecycle.step(spec, process, event(process, random), now).next();
                JournalEntry before =
                        new JournalEntry(
                                "web", spec.exec(), spec.stop(), process, OptionalLong.empty());

                writer.keep(before);

                assertThat(reader.read(true))
                        .as("history %d, step %d with -Dprocmon.seed=%d", history, i, seed)
                        .containsExactly(before);
            }
        }
    }

    private static ProcessSpec spec(Random random) {
        return SpecBuilder.process("web")
                .restart(Samples.pick(random, RestartPolicy.values()))
                .settle(random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(1))
                .build();
    }

    private static Event event(ProcessStatus process, Random random) {
        long run = process.state().run().map(Run::number).orElse(1L);
        return switch (random.nextInt(14)) {
            case 0 -> new Event.Start();
            case 1 -> new Event.Stop(Samples.pick(random, StopReason.values()));
            case 2 -> new Event.Restart(StopReason.RESTART);
            case 3 -> new Event.Delete(StopReason.OPERATOR);
            case 4 -> new Event.ParentRestarted();
            case 5 -> new Event.DependentsGone();
            case 6, 7 -> new Event.Spawned(2 + random.nextInt(1 << 22), random.nextInt(1 << 30));
            case 8 -> new Event.SpawnFailed(new StartError(2, "no such file"));
            case 9 -> new Event.LeaderExited(run, new ExitStatus.Exited(1), ResourceUsage.NONE);
            case 10 -> new Event.LeaderExited(run, new ExitStatus.Unknown(), ResourceUsage.NONE);
            case 11 -> new Event.GroupGone(run);
            case 12 -> new Event.GroupNotEmpty(run);
            default -> new Event.DeadlinePassed();
        };
    }

    @Test
    void recordsComeInTheOrderOfTheirNames() throws IOException {
        JournalFolder journal = test.open();
        for (String name : List.of("b", "a-b", "a", "a.json", "a.b", "Z", "0", "a:1@x")) {
            journal.keep(running(name));
        }

        assertThat(test.open().read(true))
                .extracting(JournalEntry::name)
                .containsExactly("0", "Z", "a", "a-b", "a.b", "a.json", "a:1@x", "b");
    }

    @Test
    void keepsTheLatestRecordAndRemovesDroppedOnes() throws IOException {
        JournalFolder journal = test.open();
        journal.keep(running("one"));
        journal.keep(running("two"));
        journal.keep(stopped("one"));
        journal.drop("two");
        journal.drop("never-there");

        assertThat(test.open().read(true)).containsExactly(stopped("one"));
        assertThat(test.files()).containsExactly("one.json");

        journal.keep(running("two"));
        assertThat(test.open().read(true)).containsExactly(stopped("one"), running("two"));
    }

    @Test
    void doesNotWriteUnchangedRecords() throws IOException {
        JournalFolder journal = test.open();
        journal.keep(running("web"));
        Object file = inode("web");

        journal.keep(running("web"));
        assertThat(inode("web")).isEqualTo(file);

        JournalFolder next = test.open();
        next.read(true);
        next.keep(running("web"));
        assertThat(inode("web")).isEqualTo(file);

        next.keep(stopped("web"));
        assertThat(inode("web")).isNotEqualTo(file);
    }

    @Test
    void theFolderAndItsFilesAreForTheirOwnerAlone() throws IOException {
        JournalFolder journal = test.open();
        journal.keep(running("web"));
        Files.writeString(test.record("bad"), "x");
        journal.read(true);

        assertThat(permissions(test.folder)).isEqualTo("rwx------");
        assertThat(permissions(test.folder.resolve("set-aside"))).isEqualTo("rwx------");
        assertThat(permissions(test.record("web"))).isEqualTo("rw-------");

        Files.setPosixFilePermissions(test.folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        test.open();
        assertThat(permissions(test.folder)).isEqualTo("rwx------");
    }

    @Test
    void aJournalThatIsNoFolderOfOursIsRefused() throws IOException {
        Files.writeString(test.folder, "");
        assertThatThrownBy(test::open)
                .isInstanceOf(IOException.class)
                .hasMessage("cannot use " + test.folder + ": it is not a folder");

        Files.delete(test.folder);
        Files.createSymbolicLink(test.folder, Files.createDirectory(state.resolve("elsewhere")));
        assertThatThrownBy(test::open).hasMessageEndingWith("it is not a folder");

        Files.delete(test.folder);
        Files.createDirectory(test.folder);
        Files.setAttribute(test.folder, "unix:uid", 54321);
        assertThatThrownBy(test::open).hasMessageContaining("it belongs to uid 54321, not ");
    }

    @Test
    void aJournalThatCannotBeReadIsNotAnEmptyOne() throws IOException {
        JournalFolder journal = test.open();
        Files.delete(test.folder);
        Files.createFile(test.folder);

        assertThatThrownBy(() -> journal.read(true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(test.folder + ": it is not a folder");
    }

    @Test
    void aJournalThatWasRemovedIsMadeAgainAndNotComplete() throws IOException {
        JournalFolder journal = test.open();
        journal.complete();
        Files.delete(test.folder.resolve("complete"));
        Files.delete(test.folder);

        assertThat(journal.read(true)).isEmpty();
        assertThat(journal.isComplete()).isFalse();
        journal.keep(running("web"));
        assertThat(test.open().read(true)).containsExactly(running("web"));
    }

    @Test
    void removesTheUnfinishedFileOfAKilledWriter() throws IOException {
        JournalFolder journal = test.open();
        journal.keep(running("web"));
        Files.writeString(test.folder.resolve(".new"), "{\"format\":2,\"boo");

        assertThat(test.logOf(() -> assertThat(test.open().read(true)).hasSize(1))).isEmpty();
        assertThat(test.files()).containsExactly("web.json");

        Files.writeString(test.folder.resolve(".new"), "x".repeat(100_000));
        journal.keep(stopped("web"));
        assertThat(test.files()).containsExactly("web.json");
        assertThat(test.open().read(true)).containsExactly(stopped("web"));
    }

    @Test
    void warmUpChangesNothing() throws IOException {
        JournalFolder journal = test.open();
        journal.keep(running("web"));
        Files.writeString(test.folder.resolve(".new"), "half");
        Files.writeString(test.record("bad"), "{");
        Object file = inode("web");

        List<String> log = test.logOf(() -> test.open().warmUp());

        assertThat(log).isEmpty();
        assertThat(test.files()).containsExactly(".new", "bad.json", "web.json");
        assertThat(inode("web")).isEqualTo(file);
    }

    /** What has not changed since is not read again. */
    @Test
    void readsCurrentRecordsAfterAWarmUp() throws IOException {
        JournalFolder writer = test.open();
        writer.keep(running("one"));
        writer.keep(running("two"));
        writer.keep(running("three"));
        Instant later = Instant.now().plusSeconds(60);

        JournalFolder journal = test.open(TestJournal.BOOT, later, TestJournal.NOW);
        assertThat(journal.warmUp())
                .containsExactly(running("one"), running("three"), running("two"));
        assertThat(journal.read(true))
                .containsExactly(running("one"), running("three"), running("two"));

        journal.warmUp();
        writer.keep(stopped("three"));
        writer.drop("two");
        writer.keep(running("four"));
        assertThat(journal.read(true))
                .containsExactly(running("four"), running("one"), stopped("three"));
    }

    @Test
    void restoresARemovedFolderWithItsRecords() throws IOException {
        JournalFolder journal = test.open();
        journal.keep(running("one"));
        journal.keep(running("two"));
        Files.delete(test.record("one"));
        Files.delete(test.record("two"));
        Files.delete(test.folder);

        List<String> log = test.logOf(() -> journal.keep(stopped("two")));

        assertThat(log).isEmpty();
        assertThat(test.open().read(true)).containsExactly(running("one"), stopped("two"));
    }

    @Test
    void aCommandLineThatIsTooLongIsKeptInParts() throws IOException {
        List<String> argv = new ArrayList<>(List.of("/bin/echo"));
        for (int i = 0; i < 30_000; i++) {
            argv.add("word" + i);
        }
        JournalEntry before = running("web");
        JournalEntry longer =
                new JournalEntry(
                        "web",
                        new Exec(String.join(" ", argv), argv),
                        before.stop(),
                        before.process(),
                        before.intended());

        test.open().keep(longer);

        List<JournalEntry> read = test.open().read(true);
        assertThat(read).hasSize(1);
        assertThat(read.getFirst().process()).isEqualTo(before.process());
        assertThat(read.getFirst().exec().argv()).containsExactly("/bin/echo");
        assertThat(read.getFirst().exec().text()).startsWith("/bin/echo word0 ").endsWith("...");
    }

    @Test
    void theLongestRecordThereCanBeIsKept() throws IOException {
        Ticks at = new Ticks(Long.MAX_VALUE);
        StartError error = new StartError(Integer.MAX_VALUE, "\u0001".repeat(100_000));
        RunExit exit = Samples.EXIT;
        RecentRuns recentRuns =
                new RecentRuns(Collections.nCopies(RecentRuns.LONGEST, exit), Long.MAX_VALUE, true);
        RunCounters runCounters =
                new RunCounters(
                        Long.MAX_VALUE,
                        Integer.MAX_VALUE,
                        Optional.of(exit),
                        Optional.of(error),
                        Integer.MAX_VALUE,
                        Collections.nCopies(1000, at),
                        recentRuns);
        String word = "\u0001".repeat(100_000);
        StopPlan.Step step = new StopPlan.Step(Signal.VTALRM, Duration.ofDays(365));
        JournalEntry longest =
                new JournalEntry(
                        "web",
                        new Exec(word, List.of(word)),
                        new StopPlan(Collections.nCopies(100, step)),
                        new ProcessStatus(
                                Goal.FORGOTTEN,
                                new ProcessState.Failed(Optional.of(error), Optional.of(at), at),
                                runCounters),
                        OptionalLong.of(Long.MAX_VALUE));

        test.open().keep(longest);

        List<JournalEntry> read = test.open().read(true);
        assertThat(read).hasSize(1);
        assertThat(read.getFirst().process()).isEqualTo(longest.process());
        assertThat(read.getFirst().stop()).isEqualTo(longest.stop());
    }

    @Test
    void aRecordWithoutAQueuedStartIsThatOfEarlierVersions() throws IOException {
        test.open().keep(Samples.running("web"));

        assertThat(Files.readString(test.record("web"))).doesNotContain("queued");
    }

    private Object inode(String name) throws IOException {
        return Files.getAttribute(test.record(name), "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
