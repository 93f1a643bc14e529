package org.procmon.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.procmon.config.MonitorSpec;
import org.procmon.config.OutputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.output.log.Clock;
import org.procmon.output.log.LogFile;
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
import org.procmon.reload.plan.ChangePlan;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.feature.FeatureStart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output of all processes. Each captured stream has a fifo, {@code NAME.out} or {@code
 * NAME.err}, which the child opens for reading and writing. A thread moves what arrives there into
 * a log file, {@code NAME.log} or {@code NAME.err}.
 *
 * <p>No failure of output stops a process or makes it wait. What cannot be kept is counted, see
 * {@link #loss}. Any thread, except where a method says otherwise.
 */
public final class OutputCapture implements Feature {
    private static final Logger LOG = LoggerFactory.getLogger(OutputCapture.class);
    private static final int MOST_OPEN_FILES = 128;
    private static final int FEWEST_OPEN_FILES = 4;

    /** How long a reader of output waits until the log files are known. */
    private static final Duration READER_TIMEOUT = Duration.ofSeconds(5);

    private final Path fifos;
    private final Path logs;
    private final SharedBuffers sharedBuffers;
    private final StagingFifo stagingFifo;
    private final Pump pump;
    private final Map<String, ProcessOutput> processes = new ConcurrentHashMap<>();
    private final SharedLogs sharedLogs;

    /** Processes that may have nameless fifos open. */
    private volatile FifoHolders holders = FifoHolders.NONE;

    /** The names of the processes that were resumed, or will be soon. */
    private final Set<String> resumed = ConcurrentHashMap.newKeySet();

    /** Guarded by this, as are all fifos. */
    private final FileStatus status = new FileStatus();

    /** The largest descriptor number for a fifo, except for those placed far aside. */
    private final long most;

    /**
     * Creates both directories if need be. Raise the limit of descriptors, see {@link
     * DescriptorLimit}, before this.
     *
     * @param fifos the directory for the fifos, for this user only
     * @param logs the directory for log files without a configured path
     */
    public OutputCapture(Path fifos, Path logs) {
        this(fifos, logs, Clock.SYSTEM);
    }

    OutputCapture(Path fifos, Path logs, Clock clock) {
        this.logs = logs;
        long given = DescriptorLimit.given();
        long files = Math.clamp(given / 8, FEWEST_OPEN_FILES, MOST_OPEN_FILES);
        // Leaves descriptors for other uses, above all for connections.
        this.most = given - files - Math.min(given / 3, 128);
        this.sharedBuffers = new SharedBuffers(clock, (int) files);
        this.fifos = makeFolder(fifos);
        this.stagingFifo = StagingFifo.open(this.fifos, sharedBuffers);
        this.pump = new Pump(sharedBuffers, stagingFifo);
        this.sharedLogs = new SharedLogs(logs, sharedBuffers);
        sharedBuffers.later = pump::later;
    }

    /** Returns its path as the kernel reports it for processes that have a file in it open. */
    private static Path makeFolder(Path fifos) {
        try {
            Files.createDirectories(
                    fifos,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            return fifos.toRealPath();
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("path", fifos)
                    .addKeyValue("reason", e.toString())
                    .log("cannot make a directory");
            return fifos;
        }
    }

    /**
     * Starts to move output.
     *
     * @param pause how long to let other threads work first
     * @param bugs is called if the thread dies, which is a bug
     */
    public void start(Duration pause, Thread.UncaughtExceptionHandler bugs) {
        pump.later(() -> stagingFifo.finish(this::captureOf));
        pump.start(pause, bugs);
    }

    /**
     * Makes sure that the next run's output is captured. Takes some microseconds if the process has
     * run before.
     *
     * @return the streams for the child
     */
    public synchronized Spawn.Streams prepare(ProcessSpec spec) {
        return known(spec).streams(status, most);
    }

    @Override
    public void on(Change change) {}

    @Override
    public void start(FeatureStart start) {
        sharedLogs.follow(start.spec().pools());
    }

    /** Changes of output settings take effect immediately for running processes. */
    @Override
    public void follow(MonitorSpec spec, ChangePlan plan) {
        sharedLogs.follow(spec.pools());
        Map<String, ProcessSpec> all = new HashMap<>();
        spec.processes().forEach(process -> all.put(process.id(), process));
        for (ChangePlan.Change change : plan.changes()) {
            ProcessSpec process = all.get(change.name());
            if (change.action() == ChangePlan.Action.LIVE && process != null) {
                prepare(process);
            }
        }
    }

    /**
     * Makes sure that all fifos of processes are open. Unlike {@link #prepare}, it does not check
     * whether an open fifo is still at its path.
     */
    public synchronized void open(List<ProcessSpec> specs) {
        for (ProcessSpec spec : specs) {
            for (CaptureFifo captureFifo : known(spec).captureFifos()) {
                if (captureFifo.fifo().isEmpty()) {
                    captureFifo.open(status, most);
                }
            }
        }
    }

    /**
     * Learns where the output of processes goes, so that it can be read back. Also continues to
     * read fifos that an earlier monitor left; the thread that moves output does that later.
     */
    public void resume(List<ProcessSpec> specs) {
        later(specs, this::resume);
    }

    /**
     * Like {@link #resume} without an earlier monitor; also {@link #prepare}s all processes later.
     * A caller of {@link #prepare} finds that already done for the processes that had their turn.
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
     * Returns once the fifos of all {@link #resume}d processes are open. Before {@link #start},
     * only for a thread that no other thread waits for.
     */
    public void awaitResumed() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        if (pump.later(done::countDown)) {
            done.await();
        }
    }

    private void openExisting(ProcessOutput output) {
        for (CaptureFifo captureFifo : output.captureFifos()) {
            captureFifo.openExisting(status, most, holders);
        }
    }

    /**
     * Names the processes that may have nameless fifos open, so that {@link #resume} continues with
     * those too. Call it before.
     *
     * @param runs the pids of processes, by process name
     * @param keepers the pids of processes that had copies of all fifos
     */
    public void seekIn(Map<String, Integer> runs, List<Integer> keepers) {
        holders = new FifoHolders(runs, keepers);
    }

    /**
     * Reopens all log files, for programs that move them away. After this returns true, the moved
     * files receive no more output.
     *
     * @param limit how long to wait; the files are reopened later in any case
     * @return false on timeout, or if output has already been closed
     */
    public boolean reopen(Duration limit) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        boolean asked =
                pump.later(() -> {
                    sharedBuffers.ownership.forget();
                    for (LogFile file : sharedBuffers.openFiles.all()) {
                        file.reopen();
                    }
                    done.countDown();
                });
        return asked && done.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Moves what the fifos hold, then stops. Later output stays in the fifo until the next monitor
     * reads it or the process exits.
     *
     * @return false if it takes longer than the limit, as on a disk that does not answer; the fifos
     *     hold the rest then
     */
    public boolean drainAndClose(Duration limit) throws InterruptedException {
        return pump.end(true, limit);
    }

    /** Stops like a killed monitor: the content of the fifos stays there. */
    void abandon() throws InterruptedException {
        boolean _ = pump.end(false, Duration.ofSeconds(10));
    }

    /**
     * The descriptors of all fifos. A process that holds copies keeps written output from being
     * lost after the writer and this monitor are gone.
     */
    public synchronized List<Descriptor> held() {
        List<Descriptor> held = new ArrayList<>(stagingFifo.descriptors());
        for (ProcessOutput output : processes.values()) {
            for (CaptureFifo captureFifo : output.captureFifos()) {
                captureFifo.fifo().ifPresent(held::add);
            }
        }
        return held;
    }

    /**
     * Sets the process that now holds those copies.
     *
     * @param pid 0 for none
     */
    public void heldBy(int pid) {
        stagingFifo.heldBy(pid);
    }

    /** The paths of those fifos. */
    public synchronized List<String> fifos() {
        List<String> paths = new ArrayList<>(stagingFifo.paths());
        for (ProcessOutput output : processes.values()) {
            for (CaptureFifo captureFifo : output.captureFifos()) {
                if (captureFifo.fifo().isPresent()) {
                    paths.add(captureFifo.path());
                }
            }
        }
        return paths;
    }

    /** Registers a listener for losses; call it before {@link #start}. */
    public void onLoss(LossListener listener) {
        sharedBuffers.losses = listener;
    }

    /** The output of a process that could not be kept; empty if nothing was lost. */
    public Optional<OutputLoss> loss(String name) {
        ProcessOutput output = processes.get(name);
        return output == null ? Optional.empty() : output.loss();
    }

    /**
     * Reads the end of a stream, including what is being lost at the moment. Reads files.
     *
     * @param lines the maximum number of last lines; 0 returns only the position of the end
     * @param maxBytes the maximum number of bytes
     */
    public OutputChunk last(String name, Output output, int lines, int maxBytes) {
        Optional<StreamCapture> capture = capture(name, output);
        if (capture.isPresent()) {
            return capture.get().last(lines, maxBytes);
        }
        Optional<LogSink> pool = sharedLogs.of(name, output);
        return pool.isPresent() ? pool.get().last(lines, maxBytes) : notKept(name, output);
    }

    /**
     * Reads what follows an earlier position, which may come from an earlier monitor. Reads files.
     *
     * @return an empty piece if there is nothing yet
     */
    public OutputChunk after(String name, Output output, String position, int maxBytes) {
        Optional<StreamCapture> capture = capture(name, output);
        if (capture.isPresent()) {
            return capture.get().after(position, maxBytes);
        }
        Optional<LogSink> pool = sharedLogs.of(name, output);
        return pool.isPresent() ? pool.get().after(position, maxBytes) : notKept(name, output);
    }

    /** Whether it is a pool whose workers write to one file, which can be read by its name. */
    public boolean isShared(String name) {
        return sharedLogs.isShared(name);
    }

    /**
     * Waits for output after a position.
     *
     * @return false on timeout, or if the stream is not kept
     */
    public boolean await(String name, Output output, String position, Duration atMost)
            throws InterruptedException {
        Optional<StreamCapture> capture = capture(name, output);
        if (capture.isPresent()) {
            return capture.get().awaitMore(position, atMost);
        }
        Optional<LogSink> pool = sharedLogs.of(name, output);
        return pool.isPresent() && SharedLogs.awaitMore(pool.get(), position, atMost);
    }

    private synchronized Optional<StreamCapture> captureOf(String stream) {
        for (ProcessOutput output : processes.values()) {
            for (CaptureFifo captureFifo : output.captureFifos()) {
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

    /** The thread that moves output starts only after the monitor has taken over. */
    private void awaitResumedUnlessInterrupted() {
        CountDownLatch done = new CountDownLatch(1);
        try {
            if (pump.later(done::countDown)) {
                boolean _ = done.await(READER_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
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
        Optional<CaptureFifo> out = captureFifo(spec, stdout, ".out", ".log");
        Optional<CaptureFifo> err = captureFifo(spec, stderr, ".err", ".err");
        if (old != null) {
            out = changed(old.out(), out);
            err = changed(old.err(), err);
        }
        ProcessOutput known = new ProcessOutput(stdout, stderr, out, err);
        processes.put(spec.id(), known);
        return known;
    }

    /**
     * If a log file is a link to one of the monitor's own streams, the process gets that stream
     * directly: so a slow reader there delays no other process.
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

    /** Nearly always it is the same object; the code that compares records is slow to load. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(OutputSpec one, OutputSpec other) {
        return one == other || one.equals(other);
    }

    private Optional<CaptureFifo> captureFifo(
            ProcessSpec spec, OutputSpec output, String fifo, String log) {
        if (!(output instanceof OutputSpec.Captured captured)) {
            return Optional.empty();
        }
        String name = spec.id();
        String stream = name + fifo;
        StreamCapture streamCapture =
                new StreamCapture(name, stream, sink(spec, captured, log), sharedBuffers);
        return Optional.of(
                new CaptureFifo(name, BytePath.text(fifos) + "/" + stream, streamCapture, pump));
    }

    private LogSink sink(ProcessSpec spec, OutputSpec.Captured captured, String log) {
        return captured.isShared() && spec.instance().isPresent()
                ? sharedLogs.sink(spec.instance().get(), captured, log)
                : new LogSink(
                        new LogFile(
                                sharedBuffers,
                                LogSettings.of(captured, logs.resolve(spec.id() + log))));
    }

    /** A fifo in use stays, as running processes may write to it; only its file changes. */
    private Optional<CaptureFifo> changed(Optional<CaptureFifo> old, Optional<CaptureFifo> wanted) {
        if (old.isPresent() && wanted.isPresent()) {
            StreamCapture capture = old.get().capture();
            LogSink before = capture.sink();
            LogSink after = wanted.get().capture().sink();
            if (before.mark().isEmpty() && after.mark().isEmpty()) {
                before.file().keepAs(after.file().settings());
            } else {
                pump.later(() -> {
                    capture.writeTo(after);
                    before.file().close();
                });
            }
            return old;
        }
        old.ifPresent(CaptureFifo::remove);
        return wanted;
    }
}
