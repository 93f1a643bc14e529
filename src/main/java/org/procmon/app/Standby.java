package org.procmon.app;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.Ports;
import org.procmon.control.server.SocketFile;
import org.procmon.journal.MonitorRecord;
import org.procmon.launch.PosixLauncher;
import org.procmon.launch.Rehearsal;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.posix.Environment;
import org.procmon.posix.Self;
import org.procmon.posix.Spawn;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.OrphanPolicy;
import org.procmon.spec.Signal;
import org.procmon.supervise.Beginning;
import org.procmon.supervise.Journal;
import org.procmon.supervise.Loop;
import org.procmon.supervise.Snapshot;
import org.procmon.supervise.Snapshot.MonitorView;
import org.procmon.supervise.Ticker;
import org.procmon.supervise.Wording;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backup: loaded and waiting for the primary's end. Then it becomes the primary itself, which
 * takes it some tens of milliseconds. Only if the primary had lived for a moment, it starts another
 * one instead, after a delay that grows: what killed that may kill the next one, and somebody has
 * to stay.
 */
final class Standby {
    private static final Logger LOG = LoggerFactory.getLogger("procmon");
    private static final int DONE = 0;

    /** A primary that lives as long as this has not died of its beginning. */
    private static final Duration INFANCY = Duration.ofSeconds(2);

    /**
     * The pauses before rehearsals: none so that it is ready soon, some so that the start of all
     * processes is over, and more so that what keeps ending soon after its start has settled.
     */
    private static final List<Duration> REHEARSALS =
            List.of(Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(30));

    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(10);

    private final Site site;
    private final Records records;
    private final Rehearsal rehearsal;
    private final PrintStream err;
    private final Ticker ticker = Ticker.system();

    /** Counted down when a shutdown was asked for that no primary has heard of. */
    private final CountDownLatch shutdownAsked = new CountDownLatch(1);

    private volatile Optional<Ward> primary = Optional.empty();

    /** What the primary was seen to follow. */
    private byte[] text = new byte[0];

    private Optional<MonitorSpec> spec = Optional.empty();

    /**
     * @param rehearsal what may have been found out before
     */
    Standby(Site site, Records records, Rehearsal rehearsal, PrintStream err) {
        this.site = site;
        this.records = records;
        this.rehearsal = rehearsal;
        this.err = err;
    }

    /**
     * Starts the primary, and waits for its end. Blocks until the monitors have ended.
     *
     * @return the exit code
     */
    int begin(Estate estate) throws IOException {
        // What the primary leaves behind is to be this process's.
        Self.becomeSubreaper();
        forwardSignals();
        records.keepAsBackup(OwnPrograms.backup(site, 0));
        return startPrimary(estate);
    }

    /**
     * Waits for the end of the primary that has started this process, and whose listening socket it
     * has. Blocks until the monitors have ended.
     *
     * @return the exit code
     */
    int stand(SocketFile socket, int pid) throws IOException {
        Self.becomeSubreaper();
        Ward parent = Ward.parent(pid);
        primary = Optional.of(parent);
        forwardSignals();
        return await(socket, parent);
    }

    private int startPrimary(Estate estate) throws IOException {
        Spawn.Request request =
                new Spawn.Request(
                        site.command("--inherited", "3"),
                        Environment.of(site.childEnvironment()),
                        Map.of(PosixLauncher.ID_VARIABLE, Snapshot.PRIMARY),
                        Optional.empty(),
                        OwnPrograms.monitorStreams(),
                        List.of(estate.folder().lockDescriptor()),
                        Optional.empty(),
                        true);
        switch (Spawn.spawn(request)) {
            case Spawn.Result.Started started -> {
                Ward child = Ward.child(started.pid());
                primary = Optional.of(child);
                estate.folder().close();
                return await(estate.socket(), child);
            }
            case Spawn.Result.NotStarted failed -> {
                LOG.warn(
                        "cannot execute '{}': {}; there is no second monitor",
                        site.program(),
                        failed.errno().words());
                return becomePrimary(estate);
            }
        }
    }

    private int await(SocketFile socket, Ward ward) throws IOException {
        for (Duration pause : REHEARSALS) {
            if (!ward.endsWithin(pause)) {
                rehearse();
            }
        }
        ExitStatus end = ward.awaitEnd();
        MonitorRecord last = records.last();
        if (last.ended()) {
            socket.close();
            return DONE;
        }
        Duration lived = ticker.now().since(last.since());
        int streak = lived.compareTo(INFANCY) < 0 ? last.streak() + 1 : 0;
        String cause =
                "the monitor before, pid %d, %s after %s"
                        .formatted(ward.pid(), end.inWords(), Wording.duration(lived));
        MonitorSpec now = specNow();
        Estate estate =
                new Estate(
                        StateFolder.await(
                                site.state(), site.uid(), now.control().socketGroup(), ward.pid()),
                        socket,
                        now);
        records.keep(last.after(streak, cause));
        if (streak == 0 || last.shuttingDown()) {
            LOG.warn("taking over: {}", cause);
            return becomePrimary(estate);
        }
        Duration delay = delay(streak);
        LOG.warn("starting another monitor in {}: {}", Wording.duration(delay), cause);
        if (isShutdownAskedWithin(delay)) {
            return becomePrimary(estate);
        }
        return startPrimary(estate);
    }

    private int becomePrimary(Estate estate) throws IOException {
        return new Primary(site, records, rehearsal, err)
                .run(estate, Primary.Entrance.TAKES_OVER, () -> shutdownAsked.getCount() == 0);
    }

    /** The first at once, then longer and longer. */
    private static Duration delay(int streak) {
        if (streak <= 1) {
            return Duration.ZERO;
        }
        Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(streak - 2, 20));
        return delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY;
    }

    private boolean isShutdownAskedWithin(Duration delay) {
        try {
            return shutdownAsked.await(delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /**
     * Does all that a primary does first, but changes nothing, and then lets go of the memory for
     * it. So what it needs is loaded, compiled, and for the most part known. What has changed by
     * the time that it is needed is looked at again then.
     */
    private void rehearse() throws IOException {
        records.last();
        Primary.makeRoomFor(specNow());
        MonitorView self = new MonitorView(Snapshot.PRIMARY, 0, 0, ticker.now(), "", "");
        Loop loop =
                new Loop(
                        new Beginning(
                                specNow(), List.of(), records.rehearse(), OrphanPolicy.KEEP, false),
                        self,
                        rehearsal,
                        ticker,
                        (_, _) -> {},
                        Journal.NONE);
        loop.takeOver();
        ControlServer.rehearse(Ports.of(loop));
        rehearseSpawning();
        System.gc();
    }

    /** Nobody else has children to be waited for here. */
    private void rehearseSpawning() {
        Spawn.Stream none = new Spawn.Stream.DevNull();
        Spawn.Request request =
                new Spawn.Request(
                        List.of("true"),
                        Environment.of(site.environment()),
                        Map.of(),
                        Optional.empty(),
                        new Spawn.Streams(none, none, none),
                        List.of(),
                        Optional.empty(),
                        true);
        if (Spawn.spawn(request) instanceof Spawn.Result.Started started) {
            Ward.child(started.pid()).awaitEnd();
        }
    }

    private MonitorSpec specNow() throws IOException {
        byte[] now = records.configuration();
        if (spec.isEmpty() || !Arrays.equals(now, text)) {
            spec = Optional.of(records.spec(now));
            text = now;
        }
        return spec.get();
    }

    private void forwardSignals() {
        for (Signal signal : List.of(Signal.TERM, Signal.INT, Signal.HUP, Signal.USR1)) {
            SignalHandlers.on(signal.name(), () -> forward(signal));
        }
    }

    private void forward(Signal signal) {
        boolean heard = primary.isPresent() && primary.get().signal(signal.number());
        if (!heard && (signal == Signal.TERM || signal == Signal.INT)) {
            shutdownAsked.countDown();
        }
    }
}
