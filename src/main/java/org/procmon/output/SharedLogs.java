package org.procmon.output;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.config.Instance;
import org.procmon.config.OutputSpec;
import org.procmon.config.PoolSpec;
import org.procmon.output.log.LineMark;
import org.procmon.output.log.LogFile;
import org.procmon.output.log.LogReader;
import org.procmon.output.log.LogSettings;
import org.procmon.output.log.SharedBuffers;

/** The log files that the workers of a pool share: one for each stream. Any thread. */
final class SharedLogs {
    private static final String OUT = ".log";
    private static final String ERR = ".err";

    private final Path logs;
    private final SharedBuffers sharedBuffers;

    /** By the name of the pool and the suffix of the stream; guarded by this. */
    private final Map<String, LogSink> sinks = new HashMap<>();

    /** The streams of pools that can be read by the name of the pool; guarded by this. */
    private Map<String, PoolSpec> pools = Map.of();

    /**
     * @param logs the directory for log files without a configured path
     */
    SharedLogs(Path logs, SharedBuffers sharedBuffers) {
        this.logs = logs;
        this.sharedBuffers = sharedBuffers;
    }

    /** These are the pools from now on. */
    void follow(List<PoolSpec> all) {
        Map<String, PoolSpec> sharing = new HashMap<>();
        for (PoolSpec pool : all) {
            if (isShared(pool.template().stdout()) || isShared(pool.template().stderr())) {
                sharing.put(pool.id(), pool);
            }
        }
        synchronized (this) {
            pools = sharing;
            sinks.keySet()
                    .removeIf(key ->
                            !sharing.containsKey(key.substring(0, key.length() - OUT.length())));
        }
    }

    private static boolean isShared(OutputSpec output) {
        return output instanceof OutputSpec.Captured captured && captured.isShared();
    }

    /** Whether it is a pool whose workers share a log file. */
    synchronized boolean isShared(String name) {
        return pools.containsKey(name);
    }

    /**
     * Where a stream of a worker goes.
     *
     * @param suffix of the file, by the stream
     */
    LogSink sink(Instance worker, OutputSpec.Captured output, String suffix) {
        LogSink pool = sink(worker.group(), output, suffix);
        return new LogSink(pool.file(), Optional.of(LineMark.of(worker.number())), pool.readers());
    }

    private synchronized LogSink sink(String pool, OutputSpec.Captured output, String suffix) {
        LogSettings settings = LogSettings.of(output, logs.resolve(pool + suffix));
        LogSink known =
                sinks.computeIfAbsent(
                        pool + suffix,
                        _ ->
                                new LogSink(
                                        new LogFile(sharedBuffers, settings),
                                        Optional.empty(),
                                        List.of(new OutputReaders())));
        if (!known.file().settings().equals(settings)) {
            known.file().keepAs(settings);
        }
        return known;
    }

    /** The stream of all workers of a pool, to be read; empty if they do not share a file. */
    Optional<LogSink> of(String name, Output output) {
        PoolSpec pool;
        synchronized (this) {
            pool = pools.get(name);
        }
        if (pool == null) {
            return Optional.empty();
        }
        boolean isErr =
                output == Output.STDERR
                        && !(pool.template().stderr() instanceof OutputSpec.WithStdout);
        OutputSpec spec = isErr ? pool.template().stderr() : pool.template().stdout();
        return spec instanceof OutputSpec.Captured captured && captured.isShared()
                ? Optional.of(sink(name, captured, isErr ? ERR : OUT))
                : Optional.empty();
    }

    /**
     * Waits for output of any worker.
     *
     * @return false on timeout
     */
    static boolean awaitMore(LogSink pool, String position, Duration atMost)
            throws InterruptedException {
        return pool.readers()
                .getFirst()
                .await(() -> LogReader.isMore(pool.file().settings(), position), atMost);
    }
}
