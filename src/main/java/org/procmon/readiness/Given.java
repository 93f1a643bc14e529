package org.procmon.readiness;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.output.Output;
import org.procmon.output.Outputs;
import org.procmon.posix.DatagramInbox;
import org.procmon.posix.Descriptor;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.Sign;

/**
 * What is made ready for one run before it is started, or found again when it is adopted.
 *
 * @param inbox the socket of its messages
 * @param fifo the fifo of its newline
 * @param file how the file that it is to make was before
 * @param out where its standard output begins
 * @param err where its standard error begins
 */
record Given(
        Optional<DatagramInbox> inbox,
        Optional<Descriptor> fifo,
        Optional<String> file,
        Optional<String> out,
        Optional<String> err) {
    static final Given NOTHING =
            new Given(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    /**
     * Of a run that is to be started.
     *
     * @throws Channels.Unavailable if it cannot be made
     */
    static Given toNewRun(ProcessSpec spec, Channels channels, Outputs outputs, OptionalInt owner)
            throws Channels.Unavailable {
        if (spec.checks().ready().isEmpty()) {
            return NOTHING;
        }
        return switch (spec.checks().ready().get().sign()) {
            case Sign.Notify _ -> of(channels.openInbox(spec.id(), owner));
            case Sign.Newline _ -> of(channels.openFifo(spec.id()));
            case Sign.Appears appears ->
                    new Given(
                            Optional.empty(),
                            Optional.empty(),
                            FileWatch.stamp(appears.file()),
                            Optional.empty(),
                            Optional.empty());
            case Sign.Output _ ->
                    new Given(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            OutputWatch.end(outputs, spec.id(), Output.STDOUT),
                            OutputWatch.end(outputs, spec.id(), Output.STDERR));
            case Sign.Answers _ -> NOTHING;
        };
    }

    /**
     * Of a run that another monitor has started.
     *
     * @throws Channels.Unavailable if it cannot be made again
     */
    static Given toOldRun(ProcessSpec spec, Channels channels) throws Channels.Unavailable {
        if (spec.checks().ready().isEmpty()) {
            return NOTHING;
        }
        return switch (spec.checks().ready().get().sign()) {
            case Sign.Notify _ -> of(channels.reopenInbox(spec.id()));
            case Sign.Newline _ -> of(channels.reopenFifo(spec.id()));
            case Sign.Appears _, Sign.Output _, Sign.Answers _ -> NOTHING;
        };
    }

    private static Given of(DatagramInbox inbox) {
        return new Given(
                Optional.of(inbox),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Given of(Descriptor fifo) {
        return new Given(
                Optional.empty(),
                Optional.of(fifo),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The variables by which a run finds it. */
    static Map<String, String> variables(ProcessSpec spec, Channels channels) {
        if (!spec.checks().notifies()) {
            return Map.of();
        }
        String socket = channels.inboxPath(spec.id());
        return spec.checks().watchdog().isEmpty()
                ? Map.of("NOTIFY_SOCKET", socket)
                : Map.of(
                        "NOTIFY_SOCKET",
                        socket,
                        "WATCHDOG_USEC",
                        Long.toString(spec.checks().watchdog().get().toNanos() / 1000));
    }

    /** Of what nobody has begun to listen to. */
    void close() {
        inbox.ifPresent(DatagramInbox::close);
        fifo.ifPresent(Descriptor::close);
    }
}
