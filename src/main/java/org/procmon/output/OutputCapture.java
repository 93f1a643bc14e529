package org.procmon.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.procmon.bytes.BytePath;
import org.procmon.config.OutputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.output.log.Clock;
import org.procmon.output.log.LogFile;
import org.procmon.output.log.LogReader;
import org.procmon.output.log.LogSettings;
import org.procmon.output.log.LogTarget;
import org.procmon.output.log.LossListener;
import org.procmon.output.log.OutputChunk;
import org.procmon.output.log.OutputLoss;
import org.procmon.output.log.SharedBuffers;
import org.procmon.posix.Descriptor;
import org.procmon.posix.DescriptorLimit;
import org.procmon.posix.FileStatus;
import org.procmon.posix.Spawn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output of all processes. For each captured stream there is a fifo, {@code NAME.out} or {@code
 * NAME.err}, which the child opens for reading and writing, and a log file, {@code NAME.log} or
 * {@code NAME.err}, into which a thread of its own moves what comes.
 *
 * <p>Nothing that goes wrong with output keeps a process from running or makes it wait: what cannot
 * be kept is counted, see {@link #loss}. Any thread, except where a method says otherwise.
 */
public final class OutputCapture {
    private static final Logger LOG = LoggerFactory.getLogger(OutputCapture.class);
    private static final int MOST_OPEN_FILES = 128;
    private static final int FEWEST_OPEN_FILES = 4;

    /** How long who reads output back may wait for it to be known where that is. */
    private static final Duration READER_PATIENCE = Duration.ofSeconds(5);

    private final Path fifos;
    private final Path logs;
    private final SharedBuffers sharedBuffers;
    private final StagingFifo stagingFifo;
    private final Pump pump;
    private final Map<String, ProcessOutput> processes = new ConcurrentHashMap<>();

    /** Who may have a fifo open that has no name any more. */
    private volatile FifoHolders holders = FifoHolders.NONE;

    /** The names of those that were resumed, or will be soon. */
    private final Set<String> resumed = ConcurrentHashMap.newKeySet();

    /** Guarded by this, as are all inlets. */
    private final FileStatus status = new FileStatus();

    /** The largest number of a descriptor for a fifo, but for those that lie far aside. */
    private final long most;

    /**
     * Makes both folders if need be. The limit of descriptors, see {@link DescriptorLimit}, must
     * have been raised before, if it is to be.
     *
     * @param fifos the folder for the fifos, for this user alone
     * @param logs the folder for log files whose path is not configured
     */
    public OutputCapture(Path fifos, Path logs) {
        this(fifos, logs, Clock.SYSTEM);
    }

    OutputCapture(Path fifos, Path logs, Clock clock) {
        this.logs = logs;
        long given = DescriptorLimit.given();
        long files = Math.clamp(given / 8, FEWEST_OPEN_FILES, MOST_OPEN_FILES);
        // What else needs descriptors, connections above all, is not to be starved.
        this.most = given - files - Math.min(given / 3, 128);
        this.sharedBuffers = new SharedBuffers(clock, (int) files);
        this.fifos = makeFolder(fifos);
        this.stagingFifo = StagingFifo.open(this.fifos, sharedBuffers);
        this.pump = new Pump(sharedBuffers, stagingFifo);
        sharedBuffers.later = pump::later;
    }

    /** Returns its path as the kernel tells it of those who have something in it open. */
    private static Path makeFolder(Path fifos) {
        try {
            Files.createDirectories(
                    fifos,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            return fifos.toRealPath();
        } catch (IOException e) {
            LOG.warn("cannot make the folder {}: {}", fifos, e.toString());
            return fifos;
        }
    }

    /**
     * Begins to move.
     *
     * @param pause how long others go first
     * @param bugs hears of the thread's end if it fails, which is a bug
     */
    public void start(Duration pause, Thread.UncaughtExceptionHandler bugs) {
        pump.later(() -> stagingFifo.finish(this::captureOf));
        pump.start(pause, bugs);
    }

    /**
     * Sees to it that the next run's output is captured. Takes some microseconds if the process has
     * run before.
     *
     * @return what the child gets
     */
    public synchronized Spawn.Streams prepare(ProcessSpec spec) {
        return known(spec).streams(status, most);
    }

    /**
     * Sees to it that all fifos of processes are open. Unlike {@link #prepare}, it does not look
     * whether an open one still is at its path.
     */
    public synchronized void open(List<ProcessSpec> specs) {
        for (ProcessSpec spec : specs) {
            for (CaptureFifo captureFifo : known(spec).inlets()) {
                if (captureFifo.fifo().isEmpty()) {
                    captureFifo.open(status, most);
                }
            }
        }
    }

    /**
     * Learns where the output of processes goes, so that it can be read back, and goes on reading
     * fifos that an earlier monitor has left; the latter happens later, on the thread that moves.
     */
    public void resume(List<ProcessSpec> specs) {
        later(specs, this::resume);
    }

    /**
     * As {@link #resume} where no monitor was before, and {@link #prepare}s them all: whoever calls
     * that next finds it done, for those that had their turn.
     */
    public void prepareSoon(List<ProcessSpec> specs) {
        later(specs, this::prepare);
    }

    private void later(List<ProcessSpec> specs, Consumer<ProcessSpec> task) {
        List<ProcessSpec> fresh = new ArrayList<>(specs.size());
        for (ProcessSpec spec : specs) {
            if (resumed.add(spec.id())) {
                fresh.add(spec);
            }
        }
        if (!fresh.isEmpty()) {
            pump.later(() -> fresh.forEach(task));
        }
    }

    private synchronized void resume(ProcessSpec spec) {
        openExisting(known(spec));
    }

    /**
     * Returns once the fifos of all {@link #resume}d processes are open. Only for a thread that
     * nobody waits for before {@link #start}.
     */
    public void awaitResumed() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        if (pump.later(done::countDown)) {
            done.await();
        }
    }

    private void openExisting(ProcessOutput output) {
        for (CaptureFifo captureFifo : output.inlets()) {
            captureFifo.openExisting(status, most, holders);
        }
    }

    /**
     * Says which processes may have fifos open that have lost their names, so that {@link #resume}
     * goes on with those too. To be called before.
     *
     * @param runs the pids of processes, by their names
     * @param keepers the pids of those that had copies of all
     */
    public void seekIn(Map<String, Integer> runs, List<Integer> keepers) {
        holders = new FifoHolders(runs, keepers);
    }

    /**
     * Opens all log files anew, for programs that move them away. When this returns true, nothing
     * more comes into the files that were moved.
     *
     * @param limit how long to wait for that; it is done later all the same
     * @return false if it is not done by then, or the end has come before
     */
    public boolean reopen(Duration limit) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        boolean asked =
                pump.later(() -> {
                    sharedBuffers.custody.forget();
                    for (LogFile file : sharedBuffers.openFiles.all()) {
                        file.reopen();
                    }
                    done.countDown();
                });
        return asked && done.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Moves what the fifos hold, and ends. What a process writes later stays in its fifo, until a
     * next monitor reads it or the process ends.
     *
     * @return false if it takes longer than the limit, as on a disk that does not answer; the fifos
     *     hold the rest then
     */
    public boolean drainAndClose(Duration limit) throws InterruptedException {
        return pump.end(true, limit);
    }

    /** Ends as a monitor does that is killed: what is in the fifos stays there. */
    void abandon() throws InterruptedException {
        boolean _ = pump.end(false, Duration.ofSeconds(10));
    }

    /**
     * The descriptors of all fifos. Who holds copies of them keeps what was written from being lost
     * when its writer and this monitor are gone.
     */
    public synchronized List<Descriptor> held() {
        List<Descriptor> held = new ArrayList<>(stagingFifo.descriptors());
        for (ProcessOutput output : processes.values()) {
            for (CaptureFifo captureFifo : output.inlets()) {
                captureFifo.fifo().ifPresent(held::add);
            }
        }
        return held;
    }

    /**
     * Tells who has been given those copies, if anybody has just now.
     *
     * @param pid 0 for nobody
     */
    public void heldBy(int pid) {
        stagingFifo.heldBy(pid);
    }

    /** The paths of those fifos. */
    public synchronized List<String> fifos() {
        List<String> paths = new ArrayList<>(stagingFifo.paths());
        for (ProcessOutput output : processes.values()) {
            for (CaptureFifo captureFifo : output.inlets()) {
                if (captureFifo.fifo().isPresent()) {
                    paths.add(captureFifo.path());
                }
            }
        }
        return paths;
    }

    /** Has somebody hear of losses; to be called before {@link #start}. */
    public void onLoss(LossListener listener) {
        sharedBuffers.losses = listener;
    }

    /** What of the output of a process could not be kept; empty if nothing was lost. */
    public Optional<OutputLoss> loss(String name) {
        ProcessOutput output = processes.get(name);
        return output == null ? Optional.empty() : output.loss();
    }

    /**
     * Reads the end of a stream, with what of it is being lost at the moment. Reads files.
     *
     * @param lines at most so many of the last lines; with 0 nothing but the position of the end
     * @param maxBytes at most so many bytes
     */
    public OutputChunk last(String name, Output output, int lines, int maxBytes) {
        Optional<StreamCapture> capture = capture(name, output);
        return capture.isEmpty() ? notKept(name, output) : capture.get().last(lines, maxBytes);
    }

    /**
     * Reads what follows a position that was told before, be it by an earlier monitor. Reads files.
     *
     * @return an empty piece if there is nothing yet
     */
    public OutputChunk after(String name, Output output, String position, int maxBytes) {
        Optional<StreamCapture> capture = capture(name, output);
        return capture.isEmpty()
                ? notKept(name, output)
                : LogReader.after(capture.get().file().settings(), position, maxBytes);
    }

    /**
     * Waits until there is something behind a position.
     *
     * @return false if the time was over before, or the stream is not kept
     */
    public boolean await(String name, Output output, String position, Duration atMost)
            throws InterruptedException {
        Optional<StreamCapture> capture = capture(name, output);
        return capture.isPresent() && capture.get().awaitMore(position, atMost);
    }

    private synchronized Optional<StreamCapture> captureOf(String stream) {
        for (ProcessOutput output : processes.values()) {
            for (CaptureFifo captureFifo : output.inlets()) {
                if (captureFifo.capture().stream().equals(stream)) {
                    return Optional.of(captureFifo.capture());
                }
            }
        }
        return Optional.empty();
    }

    private Optional<StreamCapture> capture(String name, Output output) {
        if (!processes.containsKey(name) && resumed.contains(name)) {
            awaitResumedUnlessInterrupted();
        }
        ProcessOutput process = processes.get(name);
        return process == null ? Optional.empty() : process.capture(output);
    }

    /** The thread that moves begins only when the monitor has taken over. */
    private void awaitResumedUnlessInterrupted() {
        CountDownLatch done = new CountDownLatch(1);
        try {
            if (pump.later(done::countDown)) {
                boolean _ = done.await(READER_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private OutputChunk notKept(String name, Output output) {
        String stream = output == Output.STDOUT ? "stdout" : "stderr";
        return new OutputChunk.NotKept(
                processes.containsKey(name)
                        ? stream + " of " + name + " is not captured"
                        : "no output of " + name + " is known");
    }

    private ProcessOutput known(ProcessSpec spec) {
        ProcessOutput old = processes.get(spec.id());
        OutputSpec stdout = direct(spec.stdout(), 1);
        OutputSpec stderr = direct(spec.stderr(), 2);
        if (old != null && isSame(old.stdout(), stdout) && isSame(old.stderr(), stderr)) {
            return old;
        }
        Optional<CaptureFifo> out = inlet(spec, stdout, ".out", ".log");
        Optional<CaptureFifo> err = inlet(spec, stderr, ".err", ".err");
        if (old != null) {
            out = changed(old.out(), out);
            err = changed(old.err(), err);
        }
        ProcessOutput known = new ProcessOutput(stdout, stderr, out, err);
        processes.put(spec.id(), known);
        return known;
    }

    /**
     * Where a log file is a link to one of the monitor's own streams, the process gets that itself:
     * whoever reads there slowly keeps nobody else waiting.
     */
    private OutputSpec direct(OutputSpec spec, int number) {
        if (!(spec instanceof OutputSpec.Captured captured) || captured.file().isEmpty()) {
            return spec;
        }
        return LogTarget.of(captured.file().get().toString(), status)
                        instanceof LogTarget.Monitors(int descriptor)
                ? new OutputSpec.Inherited(
                        descriptor == number ? OptionalInt.empty() : OptionalInt.of(descriptor))
                : spec;
    }

    /** Nearly always it is the very one; the code that compares records is slow to load. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(OutputSpec one, OutputSpec other) {
        return one == other || one.equals(other);
    }

    private Optional<CaptureFifo> inlet(
            ProcessSpec spec, OutputSpec output, String fifo, String log) {
        if (!(output instanceof OutputSpec.Captured captured)) {
            return Optional.empty();
        }
        String name = spec.id();
        LogSettings settings = LogSettings.of(captured, logs.resolve(name + log));
        String stream = name + fifo;
        StreamCapture streamCapture =
                new StreamCapture(
                        name, stream, new LogFile(sharedBuffers, settings), sharedBuffers);
        return Optional.of(
                new CaptureFifo(name, BytePath.text(fifos) + "/" + stream, streamCapture, pump));
    }

    /** An inlet in use stays, as processes that run may write to it, and changes its file. */
    private static Optional<CaptureFifo> changed(
            Optional<CaptureFifo> old, Optional<CaptureFifo> wanted) {
        if (old.isPresent() && wanted.isPresent()) {
            old.get().capture().file().keepAs(wanted.get().capture().file().settings());
            return old;
        }
        old.ifPresent(CaptureFifo::remove);
        return wanted;
    }
}
