package org.procmon.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.lifecycle.Goal;
import org.procmon.posix.AtomicFileFolder;

/** Operators' decisions survive the boot where the configuration says so. */
@Timeout(60)
class DurableJournalTest {
    @TempDir Path state = Path.of("");
    private Path permanent = Path.of("");
    private TestJournal test = new TestJournal(state);

    @BeforeEach
    void makeJournal() {
        test = new TestJournal(state);
        permanent = state.resolve("lib/procmon");
    }

    @Test
    void aStopIsInTheFileOnceItIsDurable() throws Exception {
        DurableJournal journal = open(true);
        journal.keep(Samples.running("web"));
        journal.keep(Samples.stopped("db"));
        await(journal);

        assertThat(file().read()).isEqualTo(new Decisions(Set.of("db"), Set.of(), Map.of()));

        journal.keep(Samples.running("db"));
        await(journal);
        assertThat(file().read()).isEqualTo(Decisions.NONE);
    }

    @Test
    void keepsDeletionsAndInstancesForTheNextMonitor() throws Exception {
        DurableJournal journal = open(true);
        journal.keep(Samples.kept("web", Goal.FORGOTTEN, Samples.stopped("web").process().state()));
        journal.follow(true, Map.of("w", 4));
        await(journal);
        Decisions kept = new Decisions(Set.of(), Set.of("web"), Map.of("w", 4));
        assertThat(file().read()).isEqualTo(kept);

        DurableJournal next = open(true);
        next.keep(Samples.stopped("db"));
        await(next);
        assertThat(file().read())
                .isEqualTo(new Decisions(Set.of("db"), Set.of("web"), Map.of("w", 4)));
    }

    @Test
    void nothingIsWrittenUnlessDecisionsAreKeptForGood() throws Exception {
        DurableJournal journal = open(false);
        journal.keep(Samples.running("web"));
        await(journal);
        journal.keep(Samples.stopped("web"));
        await(journal);
        journal.drop("web");
        await(journal);

        assertThat(permanent).doesNotExist();
    }

    @Test
    void anUnfinishedRecordBesideItIsLeftAlone() throws Exception {
        DurableJournal journal = open(true);
        Path other = permanent.resolve(AtomicFileFolder.UNFINISHED);
        Files.createDirectories(permanent);
        Files.writeString(other, "half a record");

        journal.keep(Samples.stopped("web"));
        await(journal);

        assertThat(other).hasContent("half a record");
        assertThat(file().read().stopped()).containsExactly("web");
    }

    @Test
    void aReloadThatTurnsItOffForgetsThem() throws Exception {
        DurableJournal journal = open(true);
        journal.keep(Samples.stopped("web"));
        await(journal);

        journal.follow(false, Map.of());
        await(journal);

        assertThat(file().read()).isEqualTo(Decisions.NONE);
    }

    @Test
    void reportsDecisionsThatCannotBeKept() throws Exception {
        Files.writeString(state.resolve("lib"), "in the way");
        DurableJournal journal = open(true);
        journal.keep(Samples.stopped("web"));
        journal.keep(Samples.running("db"));
        await(journal);

        assertThat(journal.unkept("web").orElseThrow()).startsWith("cannot make the folder");
        assertThat(journal.unkept("db")).isEmpty();
    }

    @Test
    void movesADamagedFileAway() throws Exception {
        DurableJournal journal = open(true);
        journal.keep(Samples.stopped("web"));
        await(journal);
        Path path = permanent.resolve("decisions.json");
        Files.writeString(path, Files.readString(path).replace("web", "wob"));

        assertThat(file().read()).isEqualTo(Decisions.NONE);
        assertThat(permanent.resolve("set-aside/decisions.json.1")).exists();
    }

    private DurableJournal open(boolean always) throws IOException {
        return new DurableJournal(
                test.open(),
                file(),
                file().read(),
                always,
                (_, bug) -> {
                    throw new AssertionError(bug);
                });
    }

    private DecisionFile file() {
        return new DecisionFile(
                permanent,
                TestJournal.BOOT,
                InstantSource.fixed(TestJournal.WALL),
                () -> TestJournal.NOW);
    }

    private static void await(DurableJournal journal) throws Exception {
        journal.durable().get(50, TimeUnit.SECONDS);
    }
}
