package org.procmon.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.config.OutputSpec;
import org.procmon.output.log.OutputLoss;
import org.procmon.posix.Descriptor;
import org.procmon.posix.FileStatus;
import org.procmon.posix.Spawn;

/**
 * Where the two streams of one process go.
 *
 * @param stdout as configured
 * @param stderr as configured
 * @param out the fifo of its stdout, if that is captured
 * @param err the fifo of its stderr, if that is captured separately
 */
record ProcessOutput(
        OutputSpec stdout,
        OutputSpec stderr,
        Optional<CaptureFifo> out,
        Optional<CaptureFifo> err) {
    private static final Spawn.Stream DEV_NULL = new Spawn.Stream.DevNull();
    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    /** The streams for the child of the next run. */
    Spawn.Streams streams(FileStatus status, long most) {
        return new Spawn.Streams(
                DEV_NULL,
                stream(stdout, out, STDOUT, status, most),
                stream(stderr, err, STDERR, status, most));
    }

    private static Spawn.Stream stream(
            OutputSpec spec,
            Optional<CaptureFifo> captureFifo,
            int number,
            FileStatus status,
            long most) {
        return switch (spec) {
            case OutputSpec.Captured _ ->
                    captureFifo.isPresent() && captureFifo.get().open(status, most)
                            ? new Spawn.Stream.OpenReadWrite(captureFifo.get().path())
                            : DEV_NULL;
            case OutputSpec.Inherited inherited ->
                    monitors(inherited.descriptor().orElse(number), number);
            case OutputSpec.Discarded _ -> DEV_NULL;
            case OutputSpec.WithStdout _ -> new Spawn.Stream.SameAsOut();
        };
    }

    private static Spawn.Stream monitors(int descriptor, int number) {
        if (!Descriptor.isOpen(descriptor)) {
            return DEV_NULL;
        }
        return descriptor == number
                ? new Spawn.Stream.Inherit()
                : new Spawn.Stream.Held(new Descriptor(descriptor));
    }

    List<CaptureFifo> captureFifos() {
        List<CaptureFifo> captureFifos = new ArrayList<>(2);
        if (out.isPresent()) {
            captureFifos.add(out.get());
        }
        if (err.isPresent()) {
            captureFifos.add(err.get());
        }
        return captureFifos;
    }

    /** Where a stream is captured; empty if it is not. */
    Optional<StreamCapture> capture(Output output) {
        boolean toErr = output == Output.STDERR && !(stderr instanceof OutputSpec.WithStdout);
        return (toErr ? err : out).map(CaptureFifo::capture);
    }

    /** The losses of both streams together. */
    Optional<OutputLoss> loss() {
        Optional<OutputLoss> first = out.flatMap(CaptureFifo::loss);
        Optional<OutputLoss> second = err.flatMap(CaptureFifo::loss);
        if (first.isEmpty() || second.isEmpty()) {
            return first.isPresent() ? first : second;
        }
        boolean firstCounts = first.get().failing() || !second.get().failing();
        return Optional.of(
                new OutputLoss(
                        first.get().bytes() + second.get().bytes(),
                        firstCounts ? first.get().reason() : second.get().reason(),
                        first.get().failing() || second.get().failing()));
    }
}
